pay-scan = Zeskanuj aparatem telefonu, aby zapłacić
pay-to = dla { $shop }
pay-host = Otwiera { $host }
pay-reference = { $reference } · { $word }
pay-minting = Pobieranie kodu…
line-amount = Kwota
mark-demo = Demo: bez prawdziwych pieniędzy
mark-test = Test: bez prawdziwych pieniędzy
