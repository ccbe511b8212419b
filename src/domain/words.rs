//! Short words that two people can compare aloud: one on the till, one on the customer's phone.
//!
//! They tell links apart for people; machines use the ids.

use super::id::Entropy;

#[rustfmt::skip]
const WORDS: &[&str] = &[
    "acorn", "amber", "anchor", "apple", "april", "arrow", "autumn", "bamboo",
    "banana", "barrel", "basil", "beach", "beacon", "beaver", "berry", "birch",
    "bison", "blossom", "boat", "bottle", "branch", "bread", "breeze", "bridge",
    "bronze", "brook", "bubble", "bucket", "butter", "button", "cabin", "cactus",
    "camel", "camera", "candle", "canoe", "canyon", "carrot", "castle", "cedar",
    "cello", "cherry", "chestnut", "circle", "citrus", "clay", "cliff", "cloud",
    "clover", "cobalt", "cocoa", "comet", "copper", "coral", "cotton", "cradle",
    "crane", "crater", "cricket", "crystal", "daisy", "dawn", "delta", "desert",
    "diamond", "dolphin", "dragon", "drum", "dune", "eagle", "earth", "echo",
    "elbow", "elm", "ember", "emerald", "engine", "falcon", "feather", "fern",
    "field", "finch", "fjord", "flame", "flint", "flower", "flute", "forest",
    "fossil", "fountain", "fox", "frost", "galaxy", "garden", "garnet", "geyser",
    "giant", "ginger", "glacier", "globe", "goose", "granite", "grape", "grass",
    "gravel", "grove", "guitar", "hammer", "harbor", "harp", "hazel", "heron",
    "hill", "honey", "horizon", "horse", "island", "ivory", "jacket", "jasmine",
    "jewel", "jungle", "kettle", "kite", "kiwi", "koala", "ladder", "lagoon",
    "lake", "lantern", "laurel", "lava", "lemon", "leopard", "lily", "lime",
    "lion", "lizard", "lobster", "lotus", "magnet", "mango", "maple", "marble",
    "meadow", "melon", "meteor", "mint", "mirror", "moon", "moose", "moss",
    "mountain", "mustard", "nectar", "needle", "night", "north", "nutmeg", "oasis",
    "ocean", "olive", "onion", "opal", "orange", "orbit", "orchid", "otter",
    "owl", "paddle", "palm", "panda", "paper", "parrot", "peach", "pearl",
    "pebble", "pelican", "pepper", "piano", "pigeon", "pillow", "pine", "planet",
    "plum", "pocket", "pond", "poppy", "prairie", "prism", "puffin", "pumpkin",
    "quartz", "rabbit", "radio", "rain", "raven", "reef", "ribbon", "river",
    "robin", "rocket", "rose", "ruby", "saddle", "saffron", "sail", "salmon",
    "sand", "sapphire", "saturn", "seal", "shadow", "shell", "silk", "silver",
    "sky", "snow", "sparrow", "spice", "spider", "spring", "spruce", "star",
    "stone", "storm", "straw", "sugar", "summer", "sun", "swan", "table",
    "tango", "temple", "thistle", "thunder", "tiger", "timber", "topaz", "torch",
    "tower", "trail", "tulip", "tundra", "tunnel", "turtle", "valley", "vanilla",
    "velvet", "violet", "walnut", "water", "wave", "whale", "wheat", "willow",
    "winter", "wolf", "wood", "yellow", "zebra",
];

/// A word and two digits, such as `river 42`: about 23,000 of them.
pub fn draw(entropy: &mut Entropy) -> String {
    let count = u64::try_from(WORDS.len()).unwrap_or(1);
    let index = usize::try_from(entropy.below(count)).unwrap_or(0);
    let word = WORDS.get(index).copied().unwrap_or("river");
    // From 10 on, so that nobody drops a leading zero.
    format!("{word} {}", entropy.below(90).saturating_add(10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_differ_and_are_short_enough_to_say() {
        let distinct: std::collections::BTreeSet<_> = WORDS.iter().collect();
        assert_eq!(distinct.len(), WORDS.len());
        assert!(WORDS.iter().all(|word| word.len() <= 8 && word.is_ascii()));
        let mut entropy = Entropy::new([1; 32]);
        let drawn: std::collections::BTreeSet<_> = (0..500).map(|_| draw(&mut entropy)).collect();
        assert!(drawn.len() > 450, "{}", drawn.len());
    }
}
