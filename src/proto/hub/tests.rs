//! What both sides of the hub write and read.

use uuid::Uuid;

use super::feed::{Cursor, Item, Notification, Page, What};
use super::pairing::{Invitation, PairingCode};
use super::{FeedRequest, ITEMS_MAX, LinkAddress, Scope, Token};
use crate::domain::id::{Entropy, LinkId};
use crate::domain::time::Timestamp;
use crate::proto::backend::Verdict;

fn entropy() -> Entropy {
    Entropy::new([3; 32])
}

#[test]
fn a_links_address_is_read_back_and_nothing_near_it_is() {
    let mut entropy = entropy();
    for scope in [Scope::Own, Scope::Shop] {
        let address = LinkAddress {
            scope,
            link: LinkId(Uuid::from_u128(7)),
            token: Token::draw(&mut entropy),
        };
        let text = address.to_string();
        assert_eq!(text.parse(), Ok(address));
        let cut: Vec<_> = (0..text.len()).map(|end| text[..end].to_owned()).collect();
        let others = [
            format!("{text}0"),
            text.to_uppercase(),
            format!("x{}", &text[1..]),
            text.replace('0', "g"),
            text.replace('0', "ü"),
        ];
        for wrong in cut.iter().chain(&others) {
            assert!(wrong.parse::<LinkAddress>().is_err(), "{wrong}");
        }
    }
}

#[test]
fn secrets_are_not_printed() {
    let mut entropy = entropy();
    let token = Token::draw(&mut entropy);
    let code = PairingCode::draw(&mut entropy);
    let shown = format!("{token:?} {code:?}");
    assert!(!shown.contains(token.reveal()));
    assert!(!shown.contains(&code.to_string()));
    assert_ne!(token.hash().as_str(), token.reveal());
}

#[test]
fn an_invitation_is_read_however_it_was_typed() {
    let code = PairingCode::draw(&mut entropy());
    let shown = code.to_string();
    assert_eq!(shown.len(), 14);
    let typed = [
        shown.clone(),
        shown.to_lowercase(),
        shown.replace('-', ""),
        shown.replace('-', " "),
    ];
    for text in typed {
        assert_eq!(text.parse().as_ref(), Ok(&code), "{text}");
        let whole = format!(" https://hub.example/#{text}\n");
        let invitation: Invitation = whole.parse().unwrap();
        assert_eq!(invitation.hub, "https://hub.example");
        assert_eq!(invitation.code, code);
        assert_eq!(invitation.to_string().parse(), Ok(invitation));
    }
    let wrong = [
        "",
        "K7QF-2M9X-RTP",
        "K7QF-2M9X-RTPAA",
        "K7QF-2M9X-RTP0",
        "K7QF-2M9X-RTPÄ",
    ];
    for text in wrong {
        assert!(text.parse::<PairingCode>().is_err(), "{text}");
    }
    for text in [
        "https://#K7QF-2M9X-RTPA",
        "https:///#K7QF-2M9X-RTPA",
        "hub.example#K7QF-2M9X-RTPA",
        "https://hub.example",
        "ftp://hub#K7QF-2M9X-RTPA",
    ] {
        assert!(text.parse::<Invitation>().is_err(), "{text}");
    }
}

fn item(seq: u64) -> Item {
    Item {
        seq,
        mark: format!("m{seq}"),
        received_at: Timestamp::from_millis(1),
        what: What::Notification(Notification {
            kind: "4pay".to_owned(),
            endpoint: Uuid::nil(),
            link: None,
            token: None,
            verdict: Verdict::Unsigned,
            headers: Vec::new(),
            body: vec![0xff, 0, b'x'],
            published: None,
            open_sales: 0,
        }),
    }
}

fn page(seqs: impl IntoIterator<Item = u64>) -> Page {
    Page {
        items: seqs.into_iter().map(item).collect(),
        more: false,
        first: 0,
    }
}

/// The same of a hub that has forgotten all before `first`.
fn kept_from(first: u64, seqs: impl IntoIterator<Item = u64>) -> Page {
    Page {
        first,
        ..page(seqs)
    }
}

#[test]
fn a_page_with_a_gap_or_of_another_place_is_not_believed() {
    let after = |seq| Cursor {
        seq,
        mark: String::new(),
    };
    let many = u64::try_from(ITEMS_MAX).unwrap();
    let cases = [
        (page([]), 3, true),
        (page([4, 5]), 3, true),
        (page([1]), 0, true),
        (page([5]), 3, false),
        (page([4, 6]), 3, false),
        (page([4, 4]), 3, false),
        (page([3]), 3, false),
        (page([u64::MAX]), u64::MAX, false),
        (page(1..=many), 0, true),
        (page(1..=many + 1), 0, false),
        (kept_from(4, [4, 5]), 0, true),
        (kept_from(4, [4, 5]), 3, true),
        (kept_from(4, [5]), 4, true),
        (kept_from(4, [5]), 0, false),
        (kept_from(4, [3]), 0, false),
        (kept_from(4, []), 0, true),
    ];
    for (page, seq, wanted) in cases {
        assert_eq!(page.follows(&after(seq)), wanted, "{page:?} after {seq}");
    }
    assert_eq!(page([4, 5]).end().map(|end| end.seq), Some(5));
    assert_eq!(page([]).end(), None);
}

#[test]
fn an_items_bytes_come_as_they_were_posted() {
    let text = serde_json::to_string(&item(1)).unwrap();
    assert_eq!(serde_json::from_str::<Item>(&text).unwrap(), item(1));
}

#[test]
fn a_request_waits_no_longer_than_routers_allow() {
    let cursor = Cursor {
        seq: 12,
        mark: "9f".to_owned(),
    };
    let request = FeedRequest::new(&cursor, &Cursor::default(), 600);
    assert_eq!(
        request.to_query(),
        "after=12&mark=9f&shop_after=0&shop_mark=&wait=55"
    );
    assert_eq!(request.own(), cursor);
    let request = request.with_register(Some(&cursor));
    assert!(request.to_query().ends_with("&wait=55&register=9f"));
}

#[test]
fn what_the_hub_forgot_is_counted() {
    let after = |seq| Cursor {
        seq,
        mark: String::new(),
    };
    for (first, seq, forgotten) in [
        (0, 0, 0),
        (1, 0, 0),
        (4, 0, 3),
        (4, 2, 1),
        (4, 3, 0),
        (4, 9, 0),
    ] {
        let page = kept_from(first, []);
        assert_eq!(
            page.forgotten(&after(seq)),
            forgotten,
            "{first} after {seq}"
        );
    }
}
