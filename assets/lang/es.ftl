# Lo que lee quien paga. Los siete idiomas lo tienen.
pay-scan = Escanee con la cámara del móvil para pagar
pay-to = a { $shop }
pay-host = Abre { $host }
pay-reference = { $reference } · { $word }
pay-minting = Obteniendo un código…
line-amount = Importe
mark-demo = Demo: sin dinero real
mark-test = Prueba: sin dinero real

# La barra superior.
tab-sell = Vender
tab-recent = Recientes
tab-codes = Códigos
tab-settings = Ajustes
reach-none = Sin cuenta de pago
reach-unknown = Comprobando la red
reach-online = En línea
reach-offline = Sin red desde las { $time }
reach-refusing = La cuenta rechaza desde las { $time }
status-to-send = { $count } por enviar
dismiss = Cerrar
till-busy = La caja está ocupada: toque otra vez
back = Volver

# Vender.
mode-one = Un artículo
mode-several = Varios artículos
search = Buscar
search-clear = Borrar búsqueda
amount = Importe
tab-favorites = Favoritos
tab-all = Todo
tab-other = Otros
grid-empty = Aquí aún no hay productos
grid-not-found = No se encontró nada: pruebe con menos letras
scroll-left = A la izquierda
scroll-right = A la derecha
scroll-up = Hacia arriba
scroll-down = Hacia abajo
display-welcome = Bienvenidos
key-erase = Borrar letra
key-clear = Borrar importe
key-plus = Más
key-space = Espacio
keyboard-close = Cerrar

# La cesta.
cart-empty = Toque productos para ponerlos aquí
cart-empty-one = Toque un producto: su código aparece al instante
cart-pay = Pagar { $amount }
cart-pay-nothing = Pagar
cart-open = Cesta { $count } · { $amount }
cart-open-empty = Cesta
cart-hold = Aparcar
cart-held = Aparcadas: { $count }
cart-clear = Vaciar
cart-less = Uno menos: { $name }
cart-more = Uno más: { $name }
held-title = Cestas aparcadas
held-cart = { $time } · { $count } artículos · { $amount }
ask-clear = ¿Vaciar la cesta?
ask-clear-why = Se quitará todo lo que hay en la cesta.
ask-clear-yes = Vaciar cesta
ask-keep-cart = Conservar

# Ordenar favoritos.
arrange-hint = Toque un favorito para moverlo. Toque un producto en «Todo» para añadirlo.
arrange-left = A la izquierda
arrange-right = A la derecha
arrange-remove = Quitar
arrange-done = Listo

# Teclados.
amount-show = Mostrar código
amount-add = A la cesta
cash = Efectivo
cash-take = Cobrar efectivo
cash-exact = Exacto
cash-due = A pagar
cash-given = Entregado
cash-change = Cambio { $amount }
cash-missing = Faltan { $amount }

# Pagar y pagado.
pay-code = Código de pago { $reference }, { $amount }
pay-turn = Girar la imagen
pay-whole = Pantalla completa
pay-language = Idioma
pay-claim = Entregar sin comprobante…
pay-cancel = Cancelar venta
pay-demo = El cliente paga
pay-by-hand = Código de pegatina, puede pagarlo cualquiera: asignar a mano
ask-cancel = ¿Cancelar esta venta?
ask-cancel-why = Si el cliente paga después, la venta mostrará «Pagado después de cerrar».
ask-cancel-yes = Sí, cancelar
ask-keep-sale = Seguir esperando
claim-title = Entregar sin comprobante
claim-why = La pantalla de quien paga no es comprobante. El pago se comprueba solo cuando vuelva la red.
claim-seen = Visto en el móvil del cliente
claim-regular = Cliente habitual
claim-no-network = Sin red, cliente de confianza
claim-other = Otro motivo
paid-next = Siguiente

# Estados de una venta.
sale-paid = Pagado
sale-cash = Pagado en efectivo
sale-proven = Pagado (código del móvil comprobado)
sale-claimed = Entregado, aún sin comprobar
sale-waiting = Esperando el pago
sale-failed = El pago falló, sigue esperando
sale-cancelled = Cancelado
sale-expired = Caducado
sale-late = Pagado después de cerrar
sale-over = { $amount } de más
sale-under = Faltan { $amount }
sale-refund = Devolver { $amount }

# Recientes, códigos, ajustes, ayuda.
recent-loading = Leyendo las ventas…
recent-failed = No se pudieron leer las ventas: { $reason }
recent-empty = Aún no hay ventas
sync-title = Códigos y red
sync-mint = Obtener códigos
sync-nothing-waits = Nada por enviar
sync-spare = Códigos de reserva: quedan { $count }
sync-products = { $count } de { $total } productos tienen código
sync-pictures = Faltan { $count } imágenes
sync-problem = Último problema: { $problem }
settings-language = Idioma
settings-theme = Luz
settings-favorites = Favoritos
settings-arrange = Ordenar favoritos
settings-demo = Salir de la demo
settings-demo-how = Esta es la tienda de demostración: nada cuesta dinero. Para su propia tienda:
settings-demo-file = 1. Escriba ~/.config/tillcode/terminal.toml con [shop] y un [[backend]]: su cuenta de pago.
settings-demo-import = 2. Importe sus productos: tillcode catalog import ARCHIVO
settings-demo-start = 3. Cierre Tillcode e inícielo de nuevo.
settings-close = Cerrar Tillcode
ask-close = ¿Cerrar Tillcode?
ask-close-why = Todas las ventas se conservan. Los pagos se consultan cuando Tillcode vuelva a abrirse.
ask-close-yes = Sí, cerrar
ask-keep-open = Dejar abierto
settings-about = Acerca de
settings-about-how = Tillcode cobra con códigos QR y sigue funcionando sin red. Tienda, cuenta e impresora se fijan en el archivo de configuración; «tillcode check» dice si todo está listo.
theme-light = Claro
theme-dark = Oscuro
theme-sunlight = Sol
fault-title = Necesita ayuda
fault-unknown = La caja no puede continuar.
fault-remedy = No se ha perdido nada: cada venta está guardada. Corrija lo indicado e inicie Tillcode de nuevo; «tillcode check» dice más.

# Frases para la caja.
notice-offline-no-code = No hay red ni código de reserva de { $amount }: venda los artículos de uno en uno, cobre en efectivo o espere la red
notice-no-backend = No hay cuenta de pago: cobre en efectivo o añada una cuenta a la configuración
notice-unknown-backend = No hay ninguna cuenta de pago llamada «{ $name }» en la configuración
notice-backend-refused = La cuenta de pago rechazó el código: { $reason }
notice-unknown-code = Ningún producto tiene el código { $code }: revise el catálogo o búsquelo por su nombre
notice-unknown-product = Este producto ya no se vende: se quitó del catálogo
notice-payer-sets-amount = El cliente decide cuánto paga por { $product }: que escanee su pegatina, o escriba el importe
notice-unknown-sale = Esa venta no existe en esta caja
notice-unknown-link = Ese código no existe en esta caja
notice-empty-cart = Aún no hay nada que pagar: toque primero un producto
notice-amount-not-positive = El importe debe ser mayor que cero
notice-amount-too-large = La suma es demasiado grande: venda en dos partes
notice-wrong-currency = «{ $product }» tiene su precio en { $found }, esta caja vende en { $expected }: corrija el catálogo
notice-cart-full = Es más de lo que cabe en una venta: termine esta y empiece otra
notice-cash-too-little = Faltan { $amount }: cobre al menos el total
notice-already-paid = Esta venta ya está pagada
notice-already-closed = Esta venta se cerró: empiece una nueva
notice-reason-missing = Diga por qué se entrega sin comprobante
notice-demo-only = Esto solo es posible en la tienda de demostración
notice-too-many = Es demasiado de una vez: { $limit } como máximo
notice-bad-product = «{ $sku }» no se puede vender: { $reason }
notice-above-cap = Como máximo { $amount } se pueden entregar sin comprobante: espere el pago o cobre en efectivo
notice-pin-needed = Más de { $amount } sin comprobante solo con el PIN del dueño
notice-pin-wrong = Este no es el PIN del dueño: escríbalo otra vez
notice-pin-locked = Demasiados PIN equivocados: espere medio minuto y escríbalo otra vez
notice-code-ended = Este código ya terminó: pulse «Código nuevo»
notice-unknown-job = Esto ya no espera: mire la lista otra vez
notice-job-under-way = Todavía se está intentando: se puede abandonar cuando haya sido rechazado
notice-cannot-change = { $kind } no puede cambiar un código: cree uno nuevo
notice-cannot-list = { $kind } no muestra sus códigos: mire en su consola
notice-not-now = La cuenta de pago no responde ahora: inténtelo cuando haya conexión
notice-bad-title = Escriba qué se vende con 1 a { $limit } caracteres
notice-link-in-use = Este código pertenece a una venta que espera el pago: cancele primero la venta
notice-store-reopened = El almacenamiento dio un error y se leyó de nuevo: revise la última venta en Recientes
