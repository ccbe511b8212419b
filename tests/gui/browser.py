"""A payer's browser: Debian's Chromium without a window, driven by WebDriver."""

import shutil

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

import till

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--no-proxy-server",
    "--window-size=420,820",
)
PATIENCE_SECONDS = 20


class Browser:
    """One phone. Ends with `close`."""

    def __init__(self):
        # Both are named, so that nothing is looked for on the network.
        chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
        if chromium is None or driver is None:
            raise till.Failure("chromium and chromedriver are needed: see packaging/packages.txt")
        options = webdriver.ChromeOptions()
        options.binary_location = chromium
        for flag in FLAGS:
            options.add_argument(flag)
        self.driver = webdriver.Chrome(service=Service(executable_path=driver), options=options)
        self.driver.set_page_load_timeout(PATIENCE_SECONDS)

    def open(self, url):
        self.driver.get(url)

    def says(self):
        """The page's words."""
        return self.driver.find_element(By.TAG_NAME, "body").text

    def press(self, beginning):
        """Presses the button whose words begin so, and waits for another page."""
        xpath = f"//button[starts-with(normalize-space(.), '{beginning}')]"
        button = WebDriverWait(self.driver, PATIENCE_SECONDS).until(
            lambda driver: next(iter(driver.find_elements(By.XPATH, xpath)), None)
        )
        before = self.driver.find_element(By.TAG_NAME, "html").id
        button.click()
        WebDriverWait(self.driver, PATIENCE_SECONDS).until(
            lambda driver: driver.find_element(By.TAG_NAME, "html").id != before
        )

    def pay(self, url):
        """What a payer does with a code; what the page says afterwards."""
        self.open(url)
        self.press("Pay")
        said = self.says()
        if "Thank you" not in said:
            raise till.Failure(f"the payer's page says {said!r}")
        return said

    def photograph(self, name):
        till.OUT.mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(str(till.OUT / f"{name}.png"))

    def close(self):
        # Also ends the driver.
        self.driver.quit()
