# What the payer reads. All seven languages have these.
pay-scan = Scan with your phone’s camera to pay
pay-to = to { $shop }
pay-host = Opens { $host }
pay-reference = { $reference } · { $word }
pay-minting = Getting a code…
line-amount = Amount
mark-demo = Demo: no real money
mark-test = Test: no real money

# The bar at the top.
tab-sell = Sell
tab-recent = Recent
tab-codes = Codes
tab-settings = Settings
reach-none = No payment account
reach-unknown = Checking the network
reach-online = Online
reach-offline = Offline since { $time }
reach-refusing = Account refuses since { $time }
status-to-send = { $count } waiting to send
dismiss = Dismiss
till-busy = The till is busy: please tap again
back = Back

# Sell.
mode-one = One item
mode-several = Several items
search = Search
search-clear = Clear search
amount = Amount
tab-favorites = Favorites
tab-all = All
tab-other = Other
grid-empty = No products here yet
grid-not-found = Nothing found: try fewer letters
scroll-left = Scroll left
scroll-right = Scroll right
scroll-up = Scroll up
scroll-down = Scroll down
display-welcome = Welcome
key-erase = Backspace
key-clear = Clear amount
key-plus = Plus
key-space = Space
keyboard-close = Close

# The cart.
cart-empty = Tap products to put them here
cart-empty-one = Tap a product: its code appears at once
cart-pay = Pay { $amount }
cart-pay-nothing = Pay
cart-open = Cart { $count } · { $amount }
cart-open-empty = Cart
cart-hold = Hold
cart-held = On hold: { $count }
cart-clear = Clear
cart-less = One less: { $name }
cart-more = One more: { $name }
held-title = Carts on hold
held-cart = { $time } · { $count } items · { $amount }
ask-clear = Clear the cart?
ask-clear-why = All items in the cart will be removed.
ask-clear-yes = Clear cart
ask-keep-cart = Keep cart

# Arranging favorites.
arrange-hint = Tap a favorite to move it. Tap a product under All to add it.
arrange-left = Move left
arrange-right = Move right
arrange-remove = Remove
arrange-done = Done

# Keypads.
amount-show = Show code
amount-add = Add to cart
cash = Cash
cash-take = Take cash
cash-exact = Exact
cash-due = To pay
cash-given = Given
cash-change = Change { $amount }
cash-missing = { $amount } missing

# Pay and Paid.
pay-code = Payment code { $reference }, { $amount }
pay-turn = Turn the picture
pay-whole = Whole screen
pay-language = Language
pay-claim = Hand over without proof…
pay-cancel = Cancel sale
pay-demo = Customer pays
pay-by-hand = Sticker code, paid by anyone who scans: match by hand
ask-cancel = Cancel this sale?
ask-cancel-why = If the customer pays after this, the sale shows “Paid after it was closed”.
ask-cancel-yes = Yes, cancel it
ask-keep-sale = Keep waiting
claim-title = Hand over without proof
claim-why = A payer’s screen is no proof. The payment is checked by itself once the network is back.
claim-seen = Seen on the customer’s phone
claim-regular = Regular customer
claim-no-network = No network, customer trusted
claim-other = Another reason
paid-next = Next

# States of a sale.
sale-paid = Paid
sale-cash = Paid in cash
sale-proven = Paid (phone code checked)
sale-claimed = Handed over, not checked yet
sale-waiting = Waiting for payment
sale-failed = Payment failed, still waiting
sale-cancelled = Cancelled
sale-expired = Expired
sale-late = Paid after it was closed
sale-over = { $amount } too much
sale-under = { $amount } missing
sale-refund = Give { $amount } back

# Recent, Codes, Settings, Needs help.
recent-loading = Reading the sales…
recent-failed = The sales could not be read: { $reason }
recent-empty = No sales yet
sync-title = Codes and network
sync-mint = Get codes
sync-nothing-waits = Nothing waits to be sent
sync-spare = Spare codes: { $count } left
sync-products = { $count } of { $total } products have a code
sync-pictures = { $count } pictures still to fetch
sync-problem = Last problem: { $problem }
settings-language = Language
settings-theme = Light
settings-favorites = Favorites
settings-arrange = Arrange favorites
settings-demo = Leave the demo
settings-demo-how = This is the demo shop: nothing costs money. For your own shop:
settings-demo-file = 1. Write ~/.config/tillcode/terminal.toml with [shop] and one [[backend]]: your payment account.
settings-demo-import = 2. Bring your products in: tillcode catalog import FILE
settings-demo-start = 3. Close Tillcode and start it again.
settings-close = Close Tillcode
ask-close = Close Tillcode?
ask-close-why = Every sale is kept. Payments are looked up when Tillcode is open again.
ask-close-yes = Yes, close
ask-keep-open = Keep open
settings-about = About
settings-about-how = Tillcode takes payments by QR code and keeps working with no network. Shop, account and printer are set in the configuration file; “tillcode check” tells whether all is ready.
theme-light = Light
theme-dark = Dark
theme-sunlight = Sunlight
fault-title = Needs help
fault-unknown = The till cannot go on.
fault-remedy = Nothing is lost: every sale is on disk. Correct what is named above and start Tillcode again; “tillcode check” tells more.

# Sentences for the cashier.
notice-offline-no-code = There is no network and no spare code for { $amount }: sell the items one by one, take cash, or wait for the network
notice-no-backend = No payment account is set up: take cash, or add an account to the configuration
notice-unknown-backend = There is no payment account named “{ $name }” in the configuration
notice-backend-refused = The payment account refused the code: { $reason }
notice-unknown-code = No product has the code { $code }: check the catalog, or find it by its name
notice-unknown-product = This product is no longer sold: it was removed from the catalog
notice-payer-sets-amount = The customer says how much { $product } is: let them scan its sticker, or type the amount
notice-unknown-sale = There is no such sale on this till
notice-unknown-link = There is no such code on this till
notice-empty-cart = There is nothing to pay yet: tap a product first
notice-amount-not-positive = The amount must be above zero
notice-amount-too-large = The sum is too large: sell in two parts
notice-wrong-currency = “{ $product }” has its price in { $found }, this till sells in { $expected }: correct the catalog
notice-cart-full = That is more than one sale can hold: finish this one and begin another
notice-cash-too-little = { $amount } missing: take at least the total
notice-already-paid = This sale is already paid
notice-already-closed = This sale was closed: begin a new one
notice-reason-missing = Say why the goods are handed over without proof
notice-demo-only = This is possible in the demo shop only
notice-too-many = That is too much at once: { $limit } at most
notice-bad-product = “{ $sku }” cannot be sold: { $reason }
notice-above-cap = At most { $amount } may be handed over without proof: wait for the payment, or take cash
notice-pin-needed = More than { $amount } is handed over without proof by the owner's PIN only
notice-pin-wrong = This is not the owner's PIN: type it again
notice-pin-locked = Too many wrong PINs: wait half a minute, then type it again
notice-code-ended = This code is past its end: press “New code”
notice-unknown-job = This does not wait any more: look at the list again
notice-job-under-way = This is still being tried: it can be given up once it was refused
notice-cannot-change = { $kind } cannot change a code: make a new one
notice-cannot-list = { $kind } does not list its codes: look at its console
notice-not-now = The payment account cannot be reached now: try again once it is online
notice-bad-title = Write what is sold in 1 to { $limit } characters
notice-link-in-use = This code belongs to a sale that waits for payment: cancel the sale first
notice-store-reopened = The storage reported an error and was read again: check the last sale in Recent
