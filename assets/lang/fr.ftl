pay-scan = Scannez avec l’appareil photo pour payer
pay-to = à { $shop }
pay-host = Ouvre { $host }
pay-reference = { $reference } · { $word }
pay-minting = Code en préparation…
line-amount = Montant
mark-demo = Démo : sans argent réel
mark-test = Test : sans argent réel
