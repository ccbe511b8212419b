"""The main job with no network: tap a product, read the code off the screen, go back.

usage: sell.py NAME [--theme light|dark|sunlight] [--width-mm MILLIMETERS]
"""

import sys

import till

PRODUCT, PRICE = "Espresso", 250
# The code has to be read across a counter, so its dark part alone takes this much of the screen.
SHARE_MIN = 0.60
CHECKS = (
    "the theme is the one that is configured",
    "the code appears after one tap, offline",
    "zbar reads one code, and it is a link that the provider made",
    "the link asks for the price of the product",
    "the code fills at least 60 % of the shorter side",
    "modules are whole pixels of pure black and white",
    "four white modules surround the code",
    "the sale is on disk with its link",
    "Back leads to Sell",
)


def scenario(report, name, theme, width_mm):
    with till.shop(name, theme=theme, width_mm=width_mm) as shop:
        shop.start()
        kiosk = shop.kiosk
        till.find(kiosk, f"{PRODUCT},", 60)
        shop.wait_for_codes(wanted=len(till.CATALOG.read_text().splitlines()) - 1)
        links = {link["url"]: link for link in shop.sandbox.links()}
        # From here on there is no network.
        shop.sandbox.stop()
        brightness = till.brightness(till.screenshot(f"{name}-sell"))
        is_dark = brightness < 128
        report.check(CHECKS[0], is_dark == (theme == "dark"), f"brightness {brightness:.0f} of 255")

        till.press(kiosk, f"{PRODUCT},")
        till.find(kiosk, "Payment code")
        report.ok(CHECKS[1])
        # The tree for assistive technology is ready a moment before the pixels are.
        path = till.screenshot(f"{name}-pay")
        if not till.decode(path):
            path = till.screenshot(f"{name}-pay")

        read = till.decode(path)
        is_one = len(read) == 1 and read[0] in links
        report.check(CHECKS[2], is_one, f"read {read}, the provider made {len(links)} links")
        amount = links.get(read[0], {}).get("amount") if read else None
        is_price = amount is not None and till.minor_units(amount) == PRICE
        report.check(CHECKS[3], is_price, f"it asks for {amount}, not for {PRICE} minor units")

        code = till.Code(path)
        share = code.share_of_screen()
        report.note(
            f"{code.modules} modules of {code.module} px, {share:.0%} of the shorter side, "
            f"{share * (1 + 2 * till.QUIET_ZONE / code.modules):.0%} with the quiet zone"
        )
        report.check(CHECKS[4], share >= SHARE_MIN, f"only {share:.1%}")
        report.check(CHECKS[5], code.has_whole_modules(), f"{code.side} px, {code.module} a module")
        report.check(CHECKS[6], code.has_quiet_zone(), "it is narrower, or not white")

        on_disk = [sale["url"] for sale in shop.sales()]
        report.check(CHECKS[7], bool(read) and on_disk.count(read[0]) == 1, f"on disk: {on_disk}")

        till.press(kiosk, "Back")
        till.find(kiosk, f"{PRODUCT},")
        till.wait_until("the code to go", lambda: not till.is_shown(kiosk, "Payment code"))
        report.ok(CHECKS[8])


if __name__ == "__main__":
    till.main_guard()
    NAME = sys.argv[1]
    OPTIONS = dict(zip(sys.argv[2::2], sys.argv[3::2], strict=True))
    THEME = OPTIONS.get("--theme", "light")
    WIDTH_MM = int(OPTIONS.get("--width-mm", "217"))
    REPORT = till.Report(NAME, CHECKS)
    sys.exit(REPORT.run(lambda: scenario(REPORT, NAME, THEME, WIDTH_MM)))
