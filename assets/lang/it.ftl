pay-scan = Inquadri con la fotocamera per pagare
pay-to = a { $shop }
pay-host = Apre { $host }
pay-reference = { $reference } · { $word }
pay-minting = Codice in arrivo…
line-amount = Importo
mark-demo = Demo: senza denaro reale
mark-test = Prova: senza denaro reale
