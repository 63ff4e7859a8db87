//! Real logos, lists of items, names and key files. If the program can use all of a file's content, it accepts the
//! file. Otherwise it refuses the file in one sentence.

use std::fs;
use std::time::{Duration, Instant};

use crate::support::shop::{Shop, one_line, sentence};

const ILLUSTRATOR: &str = include_str!("pictures/illustrator.svg");
const INKSCAPE: &str = include_str!("pictures/inkscape.svg");

/// Returns an SVG of 40 by 20 that contains this text and a red square.
fn svg(inside: &str) -> String {
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
        viewBox="0 0 40 20">{inside}<rect width="20" height="20" fill="#f00"/></svg>"##
    )
}

/// The exit code of a sale that fails only because there is no screen.
const NO_SCREEN: i32 = 69;

/// Runs `config check` for this logo. Returns its exit code and output.
fn checked(logo: &[u8]) -> (Option<i32>, String) {
    with_logo(logo, &["config", "check"])
}

/// Runs a sale with this logo. Returns its exit code and output.
fn sold_with(logo: &str) -> (Option<i32>, String) {
    with_logo(logo.as_bytes(), &["sale", "--amount", "5.00"])
}

fn with_logo(logo: &[u8], arguments: &[&str]) -> (Option<i32>, String) {
    let shop = Shop::open();
    let with_logo = format!(
        "{}[display]\nshop-logo = \"logo.svg\"\n",
        shop.configuration()
    );
    shop.write("config.toml", &with_logo);
    fs::write(shop.path("logo.svg"), logo).unwrap();
    let output = shop.run(arguments);

    (output.status.code(), sentence(&output))
}

fn accepted(name: &str, logo: &[u8]) {
    let (code, said) = checked(logo);
    assert_eq!(code, Some(0), "{name}: {said}");
}

fn refused(logo: &str, says: &str) {
    let (code, said) = checked(logo.as_bytes());
    one_line(&said);
    assert_eq!(code, Some(78), "{logo}: {said}");
    assert!(said.contains(says), "{logo}: {said}");
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

#[test]
fn f76_logos_of_drawing_programs() {
    accepted("Illustrator", ILLUSTRATOR.as_bytes());
    accepted("with CRLF", ILLUSTRATOR.replace('\n', "\r\n").as_bytes());
    accepted("Inkscape", INKSCAPE.as_bytes());
    for hidden in [
        "<g display=\"none\"><text>a</text></g>",
        "<g opacity=\"0\"><image width=\"9\" height=\"9\" href=\"a.png\"/></g>",
        "<style>.a{visibility:hidden}</style><text class=\"a\">a</text>",
        "<symbol id=\"a\"><text>a</text></symbol>",
        "<text fill=\"none\">a</text>",
        "<text fill=\"#0000\">a</text><text fill=\"rgba(0,0,0,0)\">b</text>",
        "<text>\u{a0}\u{200b}\u{feff}</text>",
        "<svg width=\"0\" height=\"0\"><text>a</text></svg>",
        "<symbol id=\"a\"><text>a</text></symbol><g visibility=\"hidden\"><use href=\"#a\"/></g>",
        // The glass effect as Figma exports it.
        "<foreignObject x=\"-4\" y=\"-4\" width=\"48\" height=\"28\"><div xmlns=\"http://www.w3.org/1999/xhtml\" \
         style=\"backdrop-filter:blur(2px);height:100%;width:100%\"></div></foreignObject>",
    ] {
        accepted(hidden, svg(hidden).as_bytes());
    }
}

#[test]
fn f76_unknown_colour_is_refused() {
    for colour in [
        "style=\"fill:color(display-p3 1 0 0)\"",
        "fill=\"var(--brand, #f00)\"",
        "stroke=\"oklch(0.6 0.2 30)\"",
    ] {
        refused(&svg(&format!("<path d=\"M0 0h9v9z\" {colour}/>")), "color");
    }
    // Colours as Figma, Illustrator and Inkscape write them: the nearest sRGB colour is given, too.
    for colour in [
        "style=\"fill:#f00;fill:color(display-p3 1 0 0);fill-opacity:1\"",
        "fill=\"#f00 icc-color(cmyk, 0, 1, 1, 0)\"",
        "fill=\"rgb(255, 0, 0) device-cmyk(0, 1, 1, 0)\"",
        "fill=\"hsl(0 100% 50% / 50%)\"",
    ] {
        accepted(
            colour,
            svg(&format!("<path d=\"M0 0h9v9z\" {colour}/>")).as_bytes(),
        );
    }
}

#[test]
fn f76_logo_in_another_encoding() {
    let latin: Vec<u8> = svg("<desc>Caf\u{e9}</desc>")
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    accepted("ISO-8859-1", &latin);
    let marked = format!("\u{feff}{}", svg("<desc>Kāpiti</desc>"));
    accepted("UTF-8 with a mark", marked.as_bytes());
    accepted("UTF-16 LE", &utf16(&marked, u16::to_le_bytes));
    accepted("UTF-16 BE", &utf16(&marked, u16::to_be_bytes));
    accepted(
        "UTF-16 without a mark",
        &utf16(&marked[3..], u16::to_le_bytes),
    );
}

#[test]
fn f76_logo_with_missing_parts() {
    for (inside, says) in [
        ("<text>Shop</text>", "<text>"),
        (
            "<g visibility=\"hidden\"><text visibility=\"visible\">a</text></g>",
            "<text>",
        ),
        (
            "<defs><g id=\"a\"><text>a</text></g></defs><use href=\"#a\"/>",
            "<text>",
        ),
        ("<image width=\"9\" height=\"9\" href=\"a.png\"/>", "a.png"),
        (
            "<pattern id=\"p\" width=\"9\" height=\"9\"><image width=\"9\" height=\"9\" href=\"data:image/png;base64,AA\"/>\
             </pattern><rect width=\"9\" height=\"9\" fill=\"url(#p)\"/>",
            "save the logo as a PNG",
        ),
    ] {
        refused(&svg(inside), says);
    }
    refused(
        &svg("<defs><meshgradient id=\"m\"/></defs><path d=\"M0 0h9v9z\" fill=\"url(#m)\"/>"),
        "<meshgradient>",
    );
    // The drawing library treats elements without a namespace as SVG.
    refused(
        "<svg viewBox=\"0 0 9 9\"><text y=\"9\">a</text><path d=\"M0 0h9v9z\"/></svg>",
        "<text>",
    );
    refused("\u{8}GIF", "neither a PNG nor an SVG");
    let (_, said) = checked(b"\xff\xd8\xff\xe0");
    assert!(said.contains("a JPEG picture"), "{said}");
}

#[test]
fn f77_costly_logo_is_refused() {
    let filtered = |filter: &str| {
        svg(&format!(
            "<filter id=\"f\" {filter}</filter><rect width=\"40\" height=\"20\" filter=\"url(#f)\"/>"
        ))
    };
    let endless = filtered("><feTurbulence baseFrequency=\"0.01\" numOctaves=\"200000000\"/>");
    let begun = Instant::now();
    refused(&endless, "drawing the logo takes");
    assert!(begun.elapsed() < Duration::from_secs(30));
    let huge = filtered(
        "primitiveUnits=\"objectBoundingBox\" x=\"0\" y=\"0\" width=\"1e18\" height=\"1e18\">\
         <feDiffuseLighting><fePointLight x=\"1\" y=\"1\" z=\"1e30\"/></feDiffuseLighting>",
    );
    refused(&huge, "drawing the logo takes");
    let (code, said) = sold_with(&huge);
    assert_eq!(code, Some(NO_SCREEN), "it stops no sale: {said}");
    let (code, said) = sold_with(&svg("<text>Shop</text>"));
    assert_eq!(code, Some(78), "{said}");
    let deep = svg(&format!(
        "{}{}",
        "<g>".repeat(40_000),
        "</g>".repeat(40_000)
    ));
    refused(&deep, "drawing the logo takes");
}

/// Runs a sale with this list of items. Returns whether it failed only because there is no screen, and its output.
fn sold(items: &[u8], more: &[&str]) -> (bool, String) {
    let shop = Shop::open();
    fs::write(shop.path("items.json"), items).unwrap();
    let path = shop.path("items.json");
    let arguments = [&["sale", "--items", path.to_str().unwrap()], more].concat();
    let output = shop.run(&arguments);
    let code = output.status.code().unwrap();
    assert!([NO_SCREEN, 64].contains(&code), "{}", sentence(&output));

    (code == NO_SCREEN, sentence(&output))
}

#[test]
fn f78_items_of_real_tills_are_sold() {
    for items in [
        r#"[{"name":"A","qty":1,"price":500.0,"sku":null,"tax":null,"discount":null,"productId":null,
            "restricted":null,"classification":null}]"#,
        r#"[{"name":"A","qty":1,"price":"500","sku":"","tax":"","discount":"","productId":"","restricted":"",
            "classification":""}]"#,
        "\u{feff}[{\"name\":\"A\",\"qty\":2.0,\"price\":5e2}]",
        r#"[{"name":"A","qty":3,"price":900},{"name":"A, returned","qty":-1,"price":-300}]"#,
        r#"[{"name":"A","qty":0.30000000000000004,"price":1998.9999999999998,"tax":15.000000000000002}]"#,
        r#"[{"name":"A","qty":1,"price":1,"restricted":"True","sku":94123}]"#,
    ] {
        let (is_sold, said) = sold(items.as_bytes(), &[]);
        assert!(is_sold, "{items}: {said}");
    }
    let marked = "\u{feff}[{\"name\":\"Kāpiti\",\"qty\":1,\"price\":500}]";
    assert!(sold(&utf16(marked, u16::to_le_bytes), &[]).0);
}

#[test]
fn f78_ambiguous_items_are_refused() {
    for (items, says) in [
        (r#"[{"name":"A","qty":1,"price":12.5}]"#, "1250 for 12.50"),
        (r#"[{"name":"A","qty":1,"price":5.00}]"#, "may be dollars"),
        (
            r#"[{"name":"A","qty":3,"price":900},{"name":"B","qty":-1,"price":300}]"#,
            "line 2: qty is below zero",
        ),
        (
            r#"[{"name":"A","qty":1,"price":5,"sku":false}]"#,
            "text or a whole number",
        ),
        (r#"[{"name":"A","qty":1,"price":null}]"#, "[0].price"),
        (r#"[{"name":"","qty":1,"price":5}]"#, "line 1: name"),
        (r#"[{"name":"A","qty":1,"qty":2,"price":5}]"#, "duplicate"),
    ] {
        let (is_sold, said) = sold(items.as_bytes(), &[]);
        assert!(!is_sold && said.contains(says), "{items}: {said}");
    }
    let cents = br#"[{"name":"A","qty":1,"price":5.00}]"#;
    assert!(sold(cents, &["--amount", "0.05"]).0);
    assert!(!sold(cents, &["--amount", "5.00"]).0);
    assert!(sold(b"[{\"name\":\"Caf\xe9\"}]", &[]).1.contains("UTF-8"));
}

/// Runs `config check` for this configuration and key. Returns its exit code and output.
fn config_checked(configuration: &str, key: &[u8]) -> (Option<i32>, String) {
    let shop = Shop::open();
    shop.write(
        "config.toml",
        &shop
            .configuration()
            .replace("name = \"Café\"", configuration),
    );
    fs::write(shop.path("centrapay.key"), key).unwrap();
    let output = shop.run(&["config", "check"]);

    (output.status.code(), sentence(&output))
}

#[test]
fn f80_key_file_with_more_than_a_key() {
    const NAME: &str = "name = \"Café\"";
    for (key, says) in [
        (&b"\"s3cr3t\""[..], "quotes"),
        (b"'s3cr3t'\n", "quotes"),
        ("\u{201c}s3cr3t\u{201d}".as_bytes(), "quotes"),
        (b"CENTRAPAY_API_KEY=s3cr3t", "a name with ="),
        (b"export CENTRAPAY_API_KEY=s3cr3t\n", "a name with ="),
        (b"{\"key\":\"s3cr3t\"}", "JSON"),
        (b"X-Api-Key: s3cr3t", "header"),
        (b"<s3cr3t>", "a sign in it"),
        (b"s3cr3t s3cr3t", "one word"),
        (b"\xff\xfes\x003\x00", "UTF-16"),
        (b"s\x003\x00c\x00", "UTF-16"),
    ] {
        let (code, said) = config_checked(NAME, key);
        assert_eq!(code, Some(78), "{key:?}: {said}");
        one_line(&said);
        assert!(said.contains(says), "{key:?}: {said}");
        assert!(!said.contains("s3cr3t"), "the key is quoted: {said}");
    }
    for key in [
        &b"s3cr3t"[..],
        b"s3cr3t\r\n",
        b"  s3cr3t \n\n",
        b"\xef\xbb\xbfs3cr3t",
        b"s3/cr+3t==\n",
    ] {
        let (code, said) = config_checked(NAME, key);
        assert_eq!(code, Some(0), "{key:?}: {said}");
    }
}

#[test]
fn f80_invisible_name_is_refused() {
    for (name, says) in [
        ("\u{200b}", "cannot be seen (U+200B, a zero-width space)"),
        (
            "Caf\u{202e}\u{e9}",
            "cannot be seen (U+202E, a right-to-left override)",
        ),
        ("\u{200d}\u{301}", "nothing in it that can be seen"),
        ("\u{3164}", "cannot be seen"),
        (&format!("Cafe{}", "\u{301}".repeat(9)), "more than 3 marks"),
    ] {
        let (code, said) = config_checked(&format!("name = \"{name}\""), b"key");
        one_line(&said);
        assert_eq!(code, Some(78), "{said}");
        assert!(said.contains(says), "{name:?}: {said}");
        assert!(!said.contains(name), "it is not repeated: {said}");
    }
    for name in [
        "Café",
        "Whānau \u{1f469}\u{200d}\u{1f373}",
        "क्षेत्रीय",
        "Corner\u{a0}Shop",
    ] {
        let (code, said) = config_checked(&format!("name = \"{name}\""), b"key");
        assert_eq!(code, Some(0), "{name}: {said}");
    }
}

#[test]
fn f80_pasted_character_is_named() {
    for (line, says) in [
        (
            "name =\u{a0}\"Café\"",
            "8:7: here is U+00A0, a no-break space",
        ),
        ("\u{3000}name = \"Café\"", "8:1: here is U+3000"),
        (
            "name = \u{201c}Café\u{201d}",
            "8:8: here is \u{201c}, U+201C, which is not the \" of a keyboard",
        ),
        ("name = \u{2018}Café\u{2019}", "type ' instead"),
        (
            "\u{200b}name = \"Café\"",
            "8:1: here is a character that cannot be seen (U+200B",
        ),
        ("\u{feff}name = \"Café\"", "U+FEFF, a byte order mark"),
        ("name \u{ff1d} \"Café\"", "type = instead"),
    ] {
        let (code, said) = config_checked(line, b"key");
        one_line(&said);
        assert_eq!(code, Some(78), "{said}");
        assert!(said.contains(says), "{line:?}: {said}");
    }
}
