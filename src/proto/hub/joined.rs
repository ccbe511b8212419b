//! What a till keeps of its hub: a small file beside its database, as a value.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::pairing::{HOOKS_MAX, Hook, Invitation, Paired};
use super::token::{Token, TokenHash};

/// The longest name, in characters.
const NAME_CHARS_MAX: usize = 200;
/// The longest address of an endpoint, in bytes.
const ADDRESS_BYTES_MAX: usize = 500;

/// The file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HubFile {
    /// A pairing whose answer is not known. Asking again has to name the same token.
    pub asked: Option<Asked>,
    /// The hub that was joined.
    pub joined: Option<Joined>,
    /// Where providers post to, as a hub said last.
    pub hooks: Hooks,
}

/// A pairing that was begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The hub's address.
    pub hub: String,
    /// The code's hash.
    pub code: TokenHash,
    /// Drawn for it.
    pub token: Token,
}

/// A hub that was joined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Joined {
    /// The hub's address.
    pub hub: String,
    /// What shows the hub that it is this till.
    pub token: Token,
    /// The till's id there.
    pub terminal: Uuid,
    /// The till's name there.
    pub name: String,
    /// The shop's name there.
    pub shop: String,
}

/// Where providers post to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hooks {
    /// The address of the hub that said so.
    pub hub: String,
    /// One for each endpoint.
    pub list: Vec<Hook>,
}

/// An answer that no hub gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the message server's answer makes no sense: check its address and its version")]
pub struct Senseless;

impl HubFile {
    /// The token to join with: the one that was drawn for this invitation before, else a fresh one,
    /// which the file has to hold before anybody is asked.
    pub fn begin(&mut self, invitation: &Invitation, fresh: Token) -> Token {
        let code = invitation.code.hash();
        let same = |asked: &&Asked| asked.hub == invitation.hub && asked.code == code;
        if let Some(asked) = self.asked.as_ref().filter(same) {
            return asked.token.clone();
        }
        self.asked = Some(Asked {
            hub: invitation.hub.clone(),
            code,
            token: fresh.clone(),
        });
        fresh
    }

    /// The hub has answered.
    pub fn end(&mut self, hub: &str, token: Token, paired: Paired) -> Result<(), Senseless> {
        let is_name = |name: &str| name.chars().count() <= NAME_CHARS_MAX;
        if !are_sound(&paired.hooks) || !is_name(&paired.name) || !is_name(&paired.shop) {
            return Err(Senseless);
        }
        self.asked = None;
        self.hooks = Hooks {
            hub: hub.to_owned(),
            list: paired.hooks,
        };
        self.joined = Some(Joined {
            hub: hub.to_owned(),
            token,
            terminal: paired.terminal,
            name: paired.name,
            shop: paired.shop,
        });
        Ok(())
    }

    /// Where providers post to, as far as this hub has said.
    pub fn hooks_of(&self, hub: &str) -> &[Hook] {
        if self.hooks.hub == hub {
            &self.hooks.list
        } else {
            &[]
        }
    }
}

/// Whether a hub's endpoints can be used at all.
pub fn are_sound(hooks: &[Hook]) -> bool {
    let is_web = |address: &str| address.starts_with("https://") || address.starts_with("http://");
    let is_plain = |address: &str| address.bytes().all(|byte| byte.is_ascii_graphic());
    hooks.len() <= HOOKS_MAX
        && hooks.iter().all(|hook| {
            let address = hook.address.as_str();
            is_web(address) && is_plain(address) && address.len() <= ADDRESS_BYTES_MAX
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::Entropy;
    use crate::proto::hub::PairingCode;

    fn hook(address: &str) -> Hook {
        Hook {
            kind: "4pay".to_owned(),
            name: "main".to_owned(),
            endpoint: Uuid::nil(),
            address: address.to_owned(),
        }
    }

    fn paired(hooks: Vec<Hook>) -> Paired {
        Paired {
            terminal: Uuid::from_u128(3),
            name: "Till 2".to_owned(),
            shop: "Corner".to_owned(),
            hooks,
        }
    }

    #[test]
    fn asking_again_names_the_same_token_and_another_invitation_does_not() {
        let mut entropy = Entropy::new([5; 32]);
        let invitation = Invitation {
            hub: "https://hub.example".to_owned(),
            code: PairingCode::draw(&mut entropy),
        };
        let another = Invitation {
            code: PairingCode::draw(&mut entropy),
            ..invitation.clone()
        };
        let mut file = HubFile::default();
        let first = file.begin(&invitation, Token::draw(&mut entropy));
        let text = serde_json::to_string(&file).unwrap();
        let mut file: HubFile = serde_json::from_str(&text).unwrap();
        assert_eq!(file.begin(&invitation, Token::draw(&mut entropy)), first);
        let other = file.begin(&another, Token::draw(&mut entropy));
        assert_ne!(other, first);
        assert_eq!(
            file.joined, None,
            "an earlier hub stays until the new one answered"
        );
        let address = "https://hub.example/hooks/4pay/e";
        let hooks = vec![hook(address)];
        file.end(&another.hub, other.clone(), paired(hooks.clone()))
            .unwrap();
        assert_eq!(file.asked, None);
        assert_eq!(
            file.joined.as_ref().map(|joined| &joined.token),
            Some(&other)
        );
        assert_eq!(file.hooks_of("https://hub.example"), hooks);
        assert_eq!(file.hooks_of("https://other.example"), []);
        let shown = format!("{file:?}");
        assert!(
            !shown.contains(other.reveal()) && !shown.contains(address),
            "{shown}"
        );
    }

    #[test]
    fn an_answer_that_no_hub_gives_changes_nothing() {
        let long = format!("https://{}", "a".repeat(ADDRESS_BYTES_MAX));
        let token = Token::draw(&mut Entropy::new([6; 32]));
        let many = vec![hook("https://h/hooks/4pay/e"); HOOKS_MAX + 1];
        let named = Paired {
            name: "a".repeat(NAME_CHARS_MAX + 1),
            ..paired(Vec::new())
        };
        for wrong in [
            paired(vec![hook("ftp://h/hooks")]),
            paired(vec![hook("https://h/a b")]),
            paired(vec![hook(&long)]),
            paired(many),
            named,
        ] {
            let mut file = HubFile::default();
            assert_eq!(file.end("https://h", token.clone(), wrong), Err(Senseless));
            assert_eq!(file, HubFile::default());
        }
    }
}
