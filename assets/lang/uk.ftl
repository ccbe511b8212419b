pay-scan = Скануйте камерою телефону, щоб заплатити
pay-to = для { $shop }
pay-host = Відкриває { $host }
pay-reference = { $reference } · { $word }
pay-minting = Отримуємо код…
line-amount = Сума
mark-demo = Демо: без справжніх грошей
mark-test = Тест: без справжніх грошей
