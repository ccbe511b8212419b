# Was der zahlende Kunde liest. Alle sieben Sprachen haben dies.
pay-scan = Zum Bezahlen mit der Handykamera scannen
pay-to = an { $shop }
pay-host = Öffnet { $host }
pay-reference = { $reference } · { $word }
pay-minting = Code wird geholt …
line-amount = Betrag
mark-demo = Demo: kein echtes Geld
mark-test = Test: kein echtes Geld

# Die Leiste oben.
tab-sell = Verkauf
tab-recent = Zuletzt
tab-codes = Codes
tab-settings = Optionen
reach-none = Kein Zahlungskonto
reach-unknown = Netz wird geprüft
reach-online = Online
reach-offline = Offline seit { $time }
reach-refusing = Konto lehnt ab seit { $time }
status-to-send = { $count } noch zu senden
dismiss = Schließen
till-busy = Die Kasse ist beschäftigt: bitte noch einmal tippen
back = Zurück

# Verkauf.
mode-one = Ein Artikel
mode-several = Mehrere Artikel
search = Suchen
search-clear = Suche leeren
amount = Betrag
tab-favorites = Favoriten
tab-all = Alle
tab-other = Sonstiges
grid-empty = Hier sind noch keine Produkte
grid-not-found = Nichts gefunden: weniger Buchstaben versuchen
scroll-left = Nach links
scroll-right = Nach rechts
scroll-up = Nach oben
scroll-down = Nach unten
display-welcome = Willkommen
key-erase = Zeichen löschen
key-clear = Betrag löschen
key-plus = Plus
key-space = Leer
keyboard-close = Zu

# Der Warenkorb.
cart-empty = Produkte antippen, um sie hier zu sammeln
cart-empty-one = Ein Artikel angetippt: sein Code erscheint sofort
cart-pay = { $amount } bezahlen
cart-pay-nothing = Bezahlen
cart-open = Korb { $count } · { $amount }
cart-open-empty = Korb
cart-hold = Parken
cart-held = Geparkt: { $count }
cart-clear = Leeren
cart-less = Eins weniger: { $name }
cart-more = Eins mehr: { $name }
held-title = Geparkte Körbe
held-cart = { $time } · { $count } Stück · { $amount }
ask-clear = Korb leeren?
ask-clear-why = Alles im Korb wird entfernt.
ask-clear-yes = Korb leeren
ask-keep-cart = Behalten

# Favoriten ordnen.
arrange-hint = Favorit antippen, um ihn zu verschieben. Unter „Alle“ ein Produkt antippen, um es hinzuzufügen.
arrange-left = Nach links
arrange-right = Nach rechts
arrange-remove = Entfernen
arrange-done = Fertig

# Ziffernfelder.
amount-show = Code zeigen
amount-add = In den Korb
cash = Bar
cash-take = Bar annehmen
cash-exact = Passend
cash-due = Zu zahlen
cash-given = Gegeben
cash-change = Rückgeld { $amount }
cash-missing = { $amount } fehlen

# Bezahlen und bezahlt.
pay-code = Zahlungscode { $reference }, { $amount }
pay-turn = Bild drehen
pay-whole = Ganzer Bildschirm
pay-language = Sprache
pay-claim = Ohne Nachweis herausgeben …
pay-cancel = Verkauf abbrechen
pay-demo = Kunde bezahlt
pay-by-hand = Aufkleber-Code, zahlbar von jedem: von Hand zuordnen
ask-cancel = Diesen Verkauf abbrechen?
ask-cancel-why = Zahlt der Kunde danach noch, steht beim Verkauf „Nach Abschluss bezahlt“.
ask-cancel-yes = Ja, abbrechen
ask-keep-sale = Weiter warten
claim-title = Ohne Nachweis herausgeben
claim-why = Ein fremder Bildschirm ist kein Nachweis. Die Zahlung wird von selbst geprüft, sobald das Netz da ist.
claim-seen = Auf dem Handy des Kunden gesehen
claim-regular = Stammkunde
claim-no-network = Kein Netz, Kunde vertrauenswürdig
claim-other = Anderer Grund
paid-next = Weiter

# Zustände eines Verkaufs.
sale-paid = Bezahlt
sale-cash = Bar bezahlt
sale-proven = Bezahlt (Handycode geprüft)
sale-claimed = Herausgegeben, noch nicht geprüft
sale-waiting = Wartet auf Zahlung
sale-failed = Zahlung gescheitert, wartet noch
sale-cancelled = Abgebrochen
sale-expired = Abgelaufen
sale-late = Nach Abschluss bezahlt
sale-over = { $amount } zu viel
sale-under = { $amount } fehlen
sale-refund = { $amount } zurückgeben

# Zuletzt, Codes, Einstellungen, Hilfe.
recent-loading = Verkäufe werden gelesen …
recent-failed = Die Verkäufe konnten nicht gelesen werden: { $reason }
recent-empty = Noch keine Verkäufe
sync-title = Codes und Netz
sync-mint = Codes holen
sync-nothing-waits = Nichts ist noch zu senden
sync-spare = Ersatzcodes: noch { $count }
sync-products = { $count } von { $total } Produkten haben einen Code
sync-pictures = { $count } Bilder sind noch zu holen
sync-problem = Letztes Problem: { $problem }
settings-language = Sprache
settings-theme = Licht
settings-favorites = Favoriten
settings-arrange = Favoriten ordnen
settings-demo = Die Demo verlassen
settings-demo-how = Dies ist der Demoladen: nichts kostet Geld. Für den eigenen Laden:
settings-demo-file = 1. ~/.config/tillcode/terminal.toml mit [shop] und einem [[backend]], dem Zahlungskonto, schreiben.
settings-demo-import = 2. Die Artikel einlesen: tillcode catalog import DATEI
settings-demo-start = 3. Tillcode schließen und neu starten.
settings-close = Tillcode schließen
ask-close = Tillcode schließen?
ask-close-why = Alle Verkäufe bleiben erhalten. Zahlungen werden nachgesehen, sobald Tillcode wieder offen ist.
ask-close-yes = Ja, schließen
ask-keep-open = Offen lassen
settings-about = Über
settings-about-how = Tillcode nimmt Zahlungen per QR-Code an und arbeitet ohne Netz weiter. Laden, Konto und Drucker stehen in der Konfigurationsdatei; „tillcode check“ sagt, ob alles bereit ist.
theme-light = Hell
theme-dark = Dunkel
theme-sunlight = Sonne
fault-title = Braucht Hilfe
fault-unknown = Die Kasse kann nicht weiterarbeiten.
fault-remedy = Nichts ist verloren: jeder Verkauf ist gespeichert. Bitte das Genannte beheben und Tillcode neu starten; „tillcode check“ sagt mehr.

# Sätze für die Kasse.
notice-offline-no-code = Kein Netz und kein Ersatzcode über { $amount }: Artikel einzeln verkaufen, bar kassieren oder auf das Netz warten
notice-no-backend = Kein Zahlungskonto eingerichtet: bar kassieren oder ein Konto in die Konfiguration eintragen
notice-unknown-backend = In der Konfiguration gibt es kein Zahlungskonto „{ $name }“
notice-backend-refused = Das Zahlungskonto hat den Code abgelehnt: { $reason }
notice-unknown-code = Kein Produkt hat den Code { $code }: Katalog prüfen oder nach dem Namen suchen
notice-unknown-product = Dieses Produkt wird nicht mehr verkauft: es ist nicht mehr im Katalog
notice-payer-sets-amount = Den Betrag für { $product } bestimmt der Kunde: den Aufkleber scannen lassen oder den Betrag eintippen
notice-unknown-sale = Diesen Verkauf gibt es an dieser Kasse nicht
notice-unknown-link = Diesen Code gibt es an dieser Kasse nicht
notice-empty-cart = Noch nichts zu bezahlen: erst ein Produkt antippen
notice-amount-not-positive = Der Betrag muss über null liegen
notice-amount-too-large = Die Summe ist zu groß: in zwei Teilen verkaufen
notice-wrong-currency = „{ $product }“ hat seinen Preis in { $found }, diese Kasse verkauft in { $expected }: Katalog berichtigen
notice-cart-full = Mehr fasst ein Verkauf nicht: diesen abschließen und einen neuen beginnen
notice-cash-too-little = { $amount } fehlen: mindestens die Summe annehmen
notice-already-paid = Dieser Verkauf ist schon bezahlt
notice-already-closed = Dieser Verkauf wurde geschlossen: einen neuen beginnen
notice-reason-missing = Bitte sagen, warum ohne Nachweis herausgegeben wird
notice-demo-only = Das geht nur im Demoladen
notice-too-many = Das ist zu viel auf einmal: höchstens { $limit }
notice-bad-product = „{ $sku }“ kann nicht verkauft werden: { $reason }
notice-above-cap = Höchstens { $amount } dürfen ohne Nachweis ausgegeben werden: auf die Zahlung warten oder Bargeld nehmen
notice-pin-needed = Mehr als { $amount } ohne Nachweis nur mit der PIN des Inhabers
notice-pin-wrong = Das ist nicht die PIN des Inhabers: noch einmal eingeben
notice-pin-locked = Zu viele falsche PINs: eine halbe Minute warten, dann noch einmal
notice-code-ended = Dieser Code ist abgelaufen: „Neuer Code“ drücken
notice-unknown-job = Das wartet nicht mehr: die Liste noch einmal ansehen
notice-job-under-way = Das wird noch versucht: aufgeben geht erst nach einer Ablehnung
notice-cannot-change = { $kind } kann keinen Code ändern: einen neuen holen
notice-cannot-list = { $kind } zeigt seine Codes nicht: in dessen Konsole nachsehen
notice-not-now = Das Zahlungskonto ist gerade nicht erreichbar: noch einmal versuchen, sobald es online ist
notice-bad-title = Mit 1 bis { $limit } Zeichen schreiben, was verkauft wird
notice-link-in-use = Dieser Code gehört zu einem Verkauf, der auf Zahlung wartet: erst den Verkauf abbrechen
notice-store-reopened = Der Speicher meldete einen Fehler und wurde neu gelesen: letzten Verkauf unter „Zuletzt“ prüfen
