//! All languages have the words on paper.

use super::super::{Room, TestPage, sticker, test_page};
use super::{eur, made, sale, shop, texts};
use crate::domain::id::{LinkId, StickerId};
use crate::domain::locale::Language;
use crate::domain::payment::Proof;
use crate::domain::sale::SaleState;
use crate::domain::sticker::Sticker;
use crate::domain::time::Timestamp;
use crate::proto::print::{Profiles, encode};
use crate::proto::translation::Words;
use crate::terminal::printing::paper::Paper;
use crate::terminal::printing::{PaperSetup, PaperWords, PrinterSetup, TestQuestions};

#[test]
fn every_language_has_all_words_and_fits_every_printer() {
    let profiles = Profiles::built_in().unwrap();
    let shop = shop();
    for language in Language::ALL {
        let words = PaperWords::new(move |key, values| Words::of(language).say(key, values));
        let paper = Paper {
            shop: &shop,
            words: &words,
            setup: &PaperSetup::default(),
        };
        let printed = Sticker {
            id: StickerId(uuid::Uuid::nil()),
            serial: "K7-S12".to_owned(),
            link: LinkId(uuid::Uuid::nil()),
            product: None,
            title: "Lunch".to_owned(),
            price: None,
            url: "https://pay.example.com/l/7Kq2XmB9aZ".to_owned(),
            place: String::new(),
            printed_at: Timestamp::default(),
            valid_until: Some(Timestamp::from_millis(1_800_000_000_000)),
            placed_at: None,
            checked_at: None,
            told: None,
            said: None,
            is_thermal: false,
            retired_at: None,
        };
        for name in profiles.names() {
            let profile = profiles.get(name).unwrap();
            let setup = PrinterSetup {
                name: name.to_owned(),
                uses: Vec::new(),
                profile: profile.clone(),
                media: None,
                place: String::new(),
                is_shared: false,
                has_drawer: true,
            };
            let page = TestPage {
                name: "counter",
                title: &profile.title,
                questions: &TestQuestions::of(&setup),
                room: Room::Roll,
                opens_drawer: true,
            };
            let mut given_back = sale(SaleState::Paid, Proof::Confirmed);
            given_back.over = Some(eur(200));
            given_back.change = Some(eur(100));
            for document in [
                made(&words, &sale(SaleState::Awaiting, Proof::Open)),
                made(&words, &given_back),
                sticker(paper, &printed, Room::Roll),
                sticker(paper, &printed, Room::Label),
                test_page(paper, page, Timestamp::default()),
            ] {
                let texts = texts(&document);
                assert!(!texts.contains("paper-"), "{language:?}: {texts}");
                encode(&document, profile, None, 1).unwrap();
            }
        }
    }
}
