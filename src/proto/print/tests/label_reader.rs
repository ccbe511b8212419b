//! Readers of label jobs, written from the manuals and not from the encoders: they know the commands that a
//! job may have and fall over at everything else.

/// What stands on a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Text { text: String, is_large: bool },
    Code { text: String, module: usize },
    Dots { width: usize, height: usize },
}

/// A mark and its upper left corner.
pub(super) type At = (usize, usize, Mark);

/// One label.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) marks: Vec<At>,
}

fn numbers(text: &str) -> Vec<usize> {
    let numbers = text.split(',').map(|number| number.parse().unwrap());
    numbers.collect()
}

/// All labels of a job in ZPL.
pub(super) fn zpl(bytes: &[u8]) -> Vec<Label> {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(
        text.bytes().all(|byte| matches!(byte, b' '..=b'}' | b'\n')),
        "{text}"
    );
    let mut labels = Vec::new();
    for format in text.split_terminator('\n') {
        let inner = format
            .strip_prefix("^XA")
            .and_then(|rest| rest.strip_suffix("^XZ"));
        labels.push(zpl_label(inner.unwrap()));
    }
    labels
}

fn zpl_label(format: &str) -> Label {
    let mut label = Label::default();
    let (mut place, mut kind, mut is_escaped) = (None, String::new(), false);
    for command in format.split('^').skip(1) {
        let (name, rest) = command.split_at(2);
        match (name, rest) {
            ("CI", "28") | ("LH", "0,0") | ("PQ", "1") | ("MN", "N") => {}
            ("PW", dots) => label.width = dots.parse().unwrap(),
            ("LL", dots) => label.height = dots.parse().unwrap(),
            ("FO", at) => {
                assert!(place.is_none(), "a field has no end");
                place = Some((numbers(at)[0], numbers(at)[1]));
            }
            ("AD" | "BQ", _) => kind = command.to_owned(),
            ("FH", "") => is_escaped = true,
            ("FD", data) => {
                assert!(is_escaped);
                let (x, y) = place.unwrap();
                label.marks.push(zpl_field(x, y, &kind, &unescaped(data)));
            }
            ("GF", data) => {
                let (x, y) = place.unwrap();
                label.marks.push((x, y, zpl_dots(data)));
            }
            ("FS", "") => (place, is_escaped) = (None, false),
            _ => panic!("a command of nobody's: ^{command}"),
        }
    }
    assert!(place.is_none(), "a field has no end");
    label
}

fn zpl_field(x: usize, y: usize, kind: &str, data: &str) -> At {
    match kind {
        "ADN,18,10" | "ADN,36,20" => {
            let (text, is_large) = (data.to_owned(), kind == "ADN,36,20");
            (x, y, Mark::Text { text, is_large })
        }
        code => {
            let module = code.strip_prefix("BQN,2,").unwrap().parse().unwrap();
            let (head, text) = data.split_at(3);
            assert!(matches!(head, "MA," | "LA,"));
            let text = text.to_owned();
            (x, y + 10, Mark::Code { text, module })
        }
    }
}

fn unescaped(data: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = data.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'_' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            let digits = std::str::from_utf8(&digits).unwrap().to_owned();
            bytes.push(u8::from_str_radix(&digits, 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn zpl_dots(data: &str) -> Mark {
    let parts: Vec<&str> = data.splitn(5, ',').collect();
    let (all, row): (usize, usize) = (parts[2].parse().unwrap(), parts[3].parse().unwrap());
    assert!(parts[0] == "A" && parts[1] == parts[2]);
    assert_eq!(inflated(parts[4], row).len(), all);
    Mark::Dots {
        width: row * 8,
        height: all / row,
    }
}

/// The bytes of `^GFA` data with rows of so many bytes.
pub(super) fn inflated(data: &str, row: usize) -> Vec<u8> {
    let (mut digits, mut times): (Vec<u8>, usize) = (Vec::new(), 0);
    for letter in data.bytes() {
        let into = digits.len() % (row * 2);
        match letter {
            b'G'..=b'Y' => times += usize::from(letter - b'F'),
            b'g'..=b'z' => times += usize::from(letter - b'f') * 20,
            b'0'..=b'9' | b'A'..=b'F' => {
                let digit = char::from(letter).to_digit(16).unwrap();
                let digit = u8::try_from(digit).unwrap();
                digits.extend(vec![digit; times.max(1)]);
                times = 0;
            }
            b',' => digits.extend(vec![0; row * 2 - into]),
            b':' => {
                assert!(into == 0);
                digits.extend_from_within(digits.len() - row * 2..);
            }
            _ => panic!("no digit: {letter}"),
        }
        assert!(times == 0 || times <= row * 2, "longer than a row");
    }
    assert!(times == 0 && digits.len() % (row * 2) == 0);
    digits.chunks(2).map(|two| two[0] << 4 | two[1]).collect()
}

/// All labels of a job in TSPL.
pub(super) fn tspl(bytes: &[u8]) -> Vec<Label> {
    let mut labels = Vec::new();
    let mut label = Label::default();
    let mut rest = bytes;
    while !rest.is_empty() {
        if let Some(dots) = rest.strip_prefix(b"BITMAP ") {
            rest = tspl_dots(dots, &mut label);
            continue;
        }
        let end = rest.windows(2).position(|two| two == b"\r\n").unwrap();
        let line = std::str::from_utf8(&rest[..end]).unwrap();
        assert!(
            line.bytes().all(|byte| matches!(byte, b' '..=b'}')),
            "{line}"
        );
        rest = &rest[end + 2..];
        let (name, parameters) = line.split_once(' ').unwrap_or((line, ""));
        match (name, parameters) {
            ("SIZE", size) => {
                let sides = size.split(',').map(|side| {
                    let millimeters = side.strip_suffix(" mm").unwrap();
                    let tenths: usize = millimeters.replace('.', "").parse().unwrap();
                    tenths * 203 / 254
                });
                let sides: Vec<usize> = sides.collect();
                (label.width, label.height) = (sides[0], sides[1]);
            }
            ("GAP", "2 mm,0 mm" | "0 mm,0 mm")
            | ("DIRECTION", "1")
            | ("REFERENCE", "0,0")
            | ("CLS", "") => {}
            ("TEXT", parameters) => label.marks.push(tspl_text(parameters)),
            ("QRCODE", parameters) => label.marks.push(tspl_code(parameters)),
            ("PRINT", "1,1") => labels.push(std::mem::take(&mut label)),
            _ => panic!("a command of nobody's: {line}"),
        }
    }
    assert_eq!(label, Label::default(), "a label is not printed");
    labels
}

fn quoted(text: &str) -> String {
    let text = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let text = text.unwrap();
    assert!(!text.contains(['"', '\\']));
    text.to_owned()
}

fn tspl_text(parameters: &str) -> At {
    let parts: Vec<&str> = parameters.splitn(7, ',').collect();
    assert_eq!(parts[2..4], ["\"2\"", "0"]);
    let is_large = parts[4..6] == ["2", "2"];
    assert!(is_large || parts[4..6] == ["1", "1"]);
    let text = quoted(parts[6]);
    let at = |place: usize| parts[place].parse().unwrap();
    (at(0), at(1), Mark::Text { text, is_large })
}

fn tspl_code(parameters: &str) -> At {
    let parts: Vec<&str> = parameters.splitn(9, ',').collect();
    assert!(matches!(parts[2], "L" | "M"));
    assert_eq!(parts[4..8], ["A", "0", "M2", "S7"]);
    let at = |place: usize| parts[place].parse().unwrap();
    let (text, module) = (quoted(parts[8]), at(3));
    (at(0), at(1), Mark::Code { text, module })
}

fn tspl_dots<'a>(bytes: &'a [u8], label: &mut Label) -> &'a [u8] {
    let mut parts = bytes.splitn(6, |byte| *byte == b',');
    let head: Vec<usize> = (0..5)
        .map(|_| {
            std::str::from_utf8(parts.next().unwrap())
                .unwrap()
                .parse()
                .unwrap()
        })
        .collect();
    assert_eq!(head[4], 0);
    let (dots, rest) = parts.next().unwrap().split_at(head[2] * head[3]);
    assert!(
        !dots
            .windows(2)
            .any(|two| matches!(two, [0x1b | b'~', b'!']))
    );
    let (width, height) = (head[2] * 8, head[3]);
    label
        .marks
        .push((head[0], head[1], Mark::Dots { width, height }));
    rest.strip_prefix(b"\r\n").unwrap()
}
