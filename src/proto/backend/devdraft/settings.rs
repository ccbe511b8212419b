//! What can be set besides the keys, by the name in the configuration.

use super::super::{AccountView, OptionField, OptionKind, Refusal, Scope};
use crate::domain::options::Options;

/// Where a link's relative address belongs, unless the account says otherwise.
const CHECKOUT_BASE: &str = "https://checkout.devdraft.ai";
/// The most payments that one link may be limited to; the document names only the least.
const PAYMENTS_MAX: i64 = 1_000_000;

/// All of them.
pub(super) const FIELDS: &[OptionField] = &[
    link("cover_image", OptionKind::PublicUrl),
    link("collect_tax", OptionKind::Switch),
    link("tax_id", OptionKind::Uuid),
    link("collect_address", OptionKind::Switch),
    // May become a form that the payer has to fill in.
    link("custom_fields", OptionKind::Table),
    link("allow_quantity_adjustment", OptionKind::Switch),
    link("allow_mobile_payment", OptionKind::Switch),
    link(
        "link_type",
        OptionKind::Word(&["PRODUCT", "DONATION", "SUBSCRIPTION"]),
    ),
    // For permanent links; one for a single sale takes one payment.
    link("max_payments", OptionKind::Whole(1, PAYMENTS_MAX)),
    link("customer_id", OptionKind::Uuid),
    link("is_for_all_product", OptionKind::Switch),
    // The provider's ids of products, each with its quantity.
    link("products", OptionKind::Table),
    account("allow_subscriptions", OptionKind::Switch),
    account("checkout_base", OptionKind::Text(1, 200)),
    // The owner has tried out what the provider notifies, and believes it.
    account("commissioned", OptionKind::Switch),
];

const fn link(name: &'static str, kind: OptionKind) -> OptionField {
    OptionField {
        name,
        kind,
        scope: Scope::Link,
    }
}

const fn account(name: &'static str, kind: OptionKind) -> OptionField {
    OptionField {
        name,
        kind,
        scope: Scope::Account,
    }
}

/// A link's options above its account's, each checked once more: they may come from an old file.
pub(super) fn checked(own: &Options, account: &Options) -> Result<Options, Refusal> {
    let options = own.over(account);
    for (name, value) in options.iter() {
        // Other names belong to other providers.
        let Some(field) = FIELDS.iter().find(|field| field.name == name) else {
            continue;
        };
        field.check(value).map_err(|problem| {
            Refusal::of(format!(
                "the option {name} does not fit Devdraft: {problem}"
            ))
        })?;
    }
    Ok(options)
}

/// Where a link's relative address belongs.
pub(super) fn checkout_base(account: AccountView<'_>) -> &str {
    account
        .options
        .text("checkout_base")
        .unwrap_or(CHECKOUT_BASE)
}
