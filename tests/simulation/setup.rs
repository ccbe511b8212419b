//! The shop, and a row in a few words.

use chrono::NaiveTime;
use tillcode::domain::catalog::{Product, Visibility};
use tillcode::domain::day::DayRule;
use tillcode::domain::id::ProductId;
use tillcode::domain::link::Asking;
use tillcode::domain::locale::{Language, Locale};
use tillcode::domain::money::{Amount, Currency};
use tillcode::domain::options::{OptionValue, Options};
use tillcode::domain::time::Timestamp;
use tillcode::proto::backend::url::Schemes;
use tillcode::proto::hub::Hook;
use tillcode::terminal::snapshot::ShopView;
use tillcode::terminal::{
    BackendSetup, HubSetup, PaperSetup, PoolSetup, RiskSetup, Setup, Theme, Write,
};

use super::plan::Plan;
use super::provider::HOST;

/// The accounts' names in the configuration.
pub const BACKENDS: [&str; 2] = ["main", "other"];
pub const SHOP: &str = "Corner";

pub fn eur(minor: i64) -> Amount {
    Amount::new(minor, Currency::from_code("EUR").expect("a currency"))
}

/// `hooks`: where providers post to, as the hub said; none without a hub.
pub fn setup(plan: &Plan, hooks: Option<&[Hook]>) -> Setup {
    let mut options = Options::default();
    options.set("commissioned", OptionValue::Switch(plan.commissioned));
    let accounts = plan.accounts().into_iter();
    let mut setup = Setup {
        shop: ShopView {
            name: SHOP.to_owned(),
            currency: eur(0).currency,
            locale: Locale::english(),
            day: DayRule {
                zone: chrono_tz::UTC,
                cutoff: NaiveTime::MIN,
            },
            terminal: String::new(),
            demo: false,
            test_account: true,
            has_backend: true,
        },
        shop_key: SHOP.to_owned(),
        language: Language::En,
        theme: Theme::Light,
        backends: accounts
            .map(|(name, kind)| BackendSetup {
                name: name.to_owned(),
                kind: kind.word.to_owned(),
                account: format!("fingerprint of {name}"),
                live: false,
                pay_hosts: vec![HOST.to_owned()],
                schemes: Schemes::Https,
                hook: Some(format!("https://hub.example/hooks/{}/endpoint", kind.word)),
                options: options.clone(),
                requests_per_minute: plan.per_minute,
            })
            .collect(),
        pool: PoolSetup {
            per_amount: plan.spares,
            open_amount: plan.opens,
            amounts_max: plan.amounts,
            max_age_hours: plan.life_hours,
            in_flight_max: plan.in_flight,
            ..PoolSetup::default()
        },
        risk: RiskSetup::default(),
        hub: hooks.map(|_| HubSetup {
            address: "https://hub.example".to_owned(),
        }),
        printers: Vec::new(),
        paper: PaperSetup::default(),
    };
    for account in &mut setup.backends {
        if let Some(hooks) = hooks {
            account.take_hook(hooks);
        }
    }
    setup
}

/// The first catalog. Some prices are the same on purpose.
pub fn products(plan: &Plan) -> Vec<Write> {
    (0..plan.products)
        .map(|number| Write::Product(product(number, prices(number))))
        .collect()
}

fn prices(number: u64) -> i64 {
    [350, 350, 120, 1_990, 75, 120, 400, 5]
        .get(usize::try_from(number % 8).unwrap_or(0))
        .copied()
        .unwrap_or(100)
}

pub fn product(number: u64, minor: i64) -> Product {
    let sku = format!("P{number}");
    Product {
        id: ProductId::of_sku(SHOP, &sku),
        name: format!("Product {number}"),
        group: None,
        category: None,
        description: String::new(),
        price: eur(minor),
        asking: Asking::default(),
        options: Options::default(),
        barcodes: vec![format!("400000000000{number}")],
        picture: None,
        visibility: Visibility::Shown,
        sku,
    }
}

/// The beginning of an id: enough to tell one from another.
pub fn short(id: impl std::fmt::Display) -> String {
    let text = id.to_string();
    text.chars()
        .rev()
        .take(6)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect()
}

/// A row for the story.
pub fn brief(write: &Write) -> String {
    match write {
        Write::Product(product) => format!("product {} costs {}", product.sku, product.price.minor),
        Write::Print(print) => format!("sheet {}", print.title),
        Write::PrintFact { fact, .. } => format!("{fact:?}"),
        Write::Sticker { sticker, .. } => format!("sticker {}", sticker.serial),
        Write::StickersTold(ids) => format!("{} stickers told", ids.len()),
        Write::Sale(sale) => {
            format!(
                "sale {} ({}) of {}",
                sale.reference,
                short(sale.id),
                sale.total.minor
            )
        }
        Write::Fact { sale, fact } => format!("sale {}: {fact:?}", short(sale)),
        Write::Payment(row) => format!("payment {:?}", row.report),
        Write::Loose(loose) => format!("payment {} {:?}", loose.report.payment, loose.state),
        Write::Link(link) => format!(
            "link {} {:?} {:?} of {}, sale {:?}, address {:?}, ends {:?}",
            short(link.id),
            link.purpose,
            link.state,
            link.amount.minor,
            link.sale.map(short),
            link.url().map(short),
            link.expires_at.map(Timestamp::millis),
        ),
        Write::Job(job) => format!(
            "job {} for link {:?}, attempts {}, answers {}, {:?}",
            short(job.id),
            job.link.map(short),
            job.attempts,
            job.answers.len(),
            job.problem
        ),
        Write::JobDone(id) => format!("job {} done", short(id)),
        Write::Cart(cart) => format!("cart {} with {} lines", short(cart.id), cart.lines.len()),
        Write::CartDone(id) => format!("cart {} done", short(id)),
        Write::Setting { key, value } => format!("setting {key} = {value}"),
        Write::Journal(entry) => format!("journal {} {}", entry.what, entry.detail),
    }
}
