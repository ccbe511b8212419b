//! One row of each kind, the same at every call.

use crate::domain::catalog::{Product, Visibility};
use crate::domain::id::{CartId, Entropy, JobId, LinkId, ProductId, SaleId};
use crate::domain::link::{Link, LinkState, Purpose, RemoteLink};
use crate::domain::money::{Amount, Currency};
use crate::domain::sale::{Fact, Line, Sale, SaleRecord};
use crate::domain::time::Timestamp;
use crate::proto::backend::{Action, Response};
use crate::terminal::step::{Actor, Cart, Entry, Job, Write};

/// Some seconds into the sample's day.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_772_000_000_000).plus_millis(seconds * 1_000)
}

/// A sale of one cup of tea, its link on the screen, and what belongs to it.
pub(super) struct Sample {
    pub(super) product: Product,
    pub(super) sale: Sale,
    pub(super) link: Link,
    pub(super) job: Job,
    pub(super) cart: Cart,
}

pub(super) fn sample() -> Sample {
    let mut entropy = Entropy::new([1; 32]);
    let product = tea();
    let price = product.price;
    let piece = Line {
        product: Some(product.id),
        sku: product.sku.clone(),
        name: product.name.clone(),
        unit: price,
        quantity: 1,
    };
    let sale = Sale {
        id: SaleId(entropy.uuid(at(10))),
        reference: "K7-0001".to_owned(),
        created_at: at(10),
        lines: vec![piece.clone()],
        total: price,
        backend: "main".to_owned(),
    };
    let link = Link {
        id: LinkId(entropy.uuid(at(5))),
        backend: "main".to_owned(),
        account: "f00d".to_owned(),
        purpose: Purpose::Single,
        product: Some(product.id),
        amount: price,
        asking: crate::domain::link::Asking::Fixed,
        title: String::new(),
        word: "river 42".to_owned(),
        description: "Tea".to_owned(),
        token: entropy.token(),
        state: LinkState::Shown,
        remote: Some(RemoteLink {
            id: "pl_1".to_owned(),
            url: "https://4pay.online/pay/pl_1".to_owned(),
        }),
        sale: Some(sale.id),
        is_custom: false,
        reports_to: None,
        options: crate::domain::options::Options::default(),
        created_at: at(5),
        expires_at: Some(at(86_400)),
    };
    let job = waiting_job(&link, &mut entropy);
    let cart = Cart {
        id: CartId(entropy.uuid(at(12))),
        held: true,
        at: at(12),
        lines: vec![piece],
    };
    Sample {
        product,
        sale,
        link,
        job,
        cart,
    }
}

fn tea() -> Product {
    Product {
        id: ProductId::of_sku("Kiosk", "TEA"),
        sku: "TEA".to_owned(),
        name: "Tea \u{2615}, 'large'".to_owned(),
        group: None,
        category: Some("Drinks".to_owned()),
        description: String::new(),
        price: Amount::new(350, Currency::from_code("EUR").unwrap()),
        asking: crate::domain::link::Asking::default(),
        options: crate::domain::options::Options::default(),
        barcodes: vec!["4006381333931".to_owned()],
        picture: None,
        visibility: Visibility::Shown,
    }
}

impl Sample {
    pub(super) fn shown(&self) -> Fact {
        Fact::Shown {
            link: self.link.id,
            purpose: Purpose::Single,
            part: None,
            at: at(11),
        }
    }

    pub(super) fn record(&self) -> SaleRecord {
        SaleRecord::new(self.sale.clone(), [self.shown()])
    }

    pub(super) fn entry(&self, what: &'static str) -> Entry {
        Entry {
            at: at(11),
            actor: Actor::Cashier,
            what,
            subject: self.sale.id.to_string(),
            detail: "{\"minor\":350}".to_owned(),
        }
    }

    pub(super) fn writes(&self) -> Vec<Write> {
        vec![
            Write::Product(self.product.clone()),
            Write::Sale(self.sale.clone()),
            Write::Link(self.link.clone()),
            Write::Fact {
                sale: self.sale.id,
                fact: self.shown(),
            },
            Write::Job(self.job.clone()),
            Write::Cart(self.cart.clone()),
            Write::Setting {
                key: "language",
                value: "de".to_owned(),
            },
            Write::Journal(self.entry("sale_begun")),
        ]
    }
}

/// A job that was answered once, and not as one would wish.
fn waiting_job(link: &Link, entropy: &mut Entropy) -> Job {
    Job {
        id: JobId(entropy.uuid(at(11))),
        backend: "main".to_owned(),
        link: Some(link.id),
        action: Action::Create {
            link: Box::new(link.clone()),
            notify_url: None,
        },
        answers: vec![Response {
            status: 503,
            headers: vec![("retry-after".to_owned(), "3".to_owned())],
            body: "{}".to_owned(),
        }],
        attempts: 1,
        created_at: at(11),
        problem: Some("busy".to_owned()),
        first_sent: Some(at(12)),
        refusal: None,
    }
}
