use std::io::Cursor;

use image::{ImageFormat, Rgba, RgbaImage};

use super::*;

/// An SVG that is twice as wide as high: red on the left, transparent on the right.
const FLAG: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">
    <rect width="20" height="20" fill="#ff0000"/></svg>"##;

fn svg(inside: &str) -> Result<Logo, LogoFault> {
    let text = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
           viewBox="0 0 10 10">{inside}</svg>"#
    );

    from_bytes(text.as_bytes())
}

fn png(picture: &RgbaImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();

    bytes.into_inner()
}

fn assert_is_the_flag(logo: &Logo) {
    let picture = logo.raster(60, 60);
    assert_eq!(picture.dimensions(), (60, 30));
    assert_eq!(picture.get_pixel(10, 15).0, [255, 0, 0, 255]);
    assert_eq!(picture.get_pixel(50, 15).0[3], 0);
}

#[test]
fn an_svg_is_drawn_in_its_own_proportions() {
    assert_is_the_flag(&from_bytes(FLAG.as_bytes()).unwrap());
}

#[test]
fn png_keeps_its_proportions() {
    let flag = RgbaImage::from_fn(80, 40, |x, _| {
        Rgba(if x < 40 {
            [255, 0, 0, 255]
        } else {
            [0, 0, 255, 0]
        })
    });
    assert_is_the_flag(&from_bytes(&png(&flag)).unwrap());
}

#[test]
fn transparent_colours_do_not_bleed() {
    let flag = RgbaImage::from_fn(80, 40, |x, _| {
        Rgba(if x < 37 {
            [255, 0, 0, 255]
        } else {
            [0, 0, 255, 0]
        })
    });
    let picture = from_bytes(&png(&flag)).unwrap().raster(20, 20);
    for pixel in picture.pixels() {
        assert_eq!(pixel.0[2], 0, "{pixel:?}");
    }
}

#[test]
fn half_transparent_colour_keeps_its_hue() {
    let picture = svg(r##"<rect width="10" height="10" fill="#804020" opacity="0.5"/>"##)
        .unwrap()
        .raster(4, 4);
    let [red, green, blue, opacity] = picture.get_pixel(2, 2).0;
    assert!((127..=128).contains(&opacity));
    for (found, wanted) in [(red, 0x80), (green, 0x40), (blue, 0x20)] {
        assert!(i16::from(found).abs_diff(wanted) <= 2, "{picture:?}");
    }
}

#[test]
fn flat_logo_has_a_pixel_each_way() {
    let line = RgbaImage::from_pixel(400, 1, Rgba([0, 0, 0, 255]));
    let picture = from_bytes(&png(&line)).unwrap().raster(20, 20);
    assert_eq!(picture.dimensions(), (20, 1));
}

#[test]
fn mark_is_square_and_dark_on_white() {
    let picture = mark().unwrap().raster(20, 20);
    assert_eq!(picture.dimensions(), (20, 20));
    let dark = picture
        .pixels()
        .filter(|pixel| pixel.0[3] > 128 && pixel.0[0] < 64)
        .count();
    assert!(dark > 100, "{dark}");
}

#[test]
fn svg_with_undrawable_parts_is_refused() {
    for (name, inside) in [
        ("text", "<text>Shop</text>"),
        ("image", r#"<image href="data:image/png;base64,AAAA"/>"#),
        ("foreignObject", "<foreignObject><b/></foreignObject>"),
    ] {
        assert_eq!(
            svg(inside).unwrap_err(),
            LogoFault::NotDrawn(name.to_owned())
        );
    }
}

#[test]
fn svg_with_other_files_is_refused() {
    for place in ["https://example.com/x.svg#a", "/etc/passwd", "other.svg"] {
        let inside = format!(r#"<use xlink:href="{place}"/>"#);
        assert_eq!(
            svg(&inside).unwrap_err(),
            LogoFault::Elsewhere(place.to_owned())
        );
    }
    let link = r#"<a href="https://example.com"><rect width="5" height="5"/></a>"#;
    assert!(svg(link).is_ok());
}

#[test]
fn empty_logo_is_refused() {
    assert_eq!(svg("").unwrap_err(), LogoFault::Empty);
    let clear = RgbaImage::new(8, 8);
    assert_eq!(from_bytes(&png(&clear)).unwrap_err(), LogoFault::Empty);
}

#[test]
fn other_file_types_are_refused() {
    for bytes in [&b"GIF89a"[..], b"\x1f\x8b\x08", b"<html/>", b""] {
        assert!(matches!(from_bytes(bytes), Err(LogoFault::Unknown(_))));
    }
    let mut torn = png(&RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 255])));
    torn.truncate(40);
    assert!(matches!(from_bytes(&torn), Err(LogoFault::Png(_))));
}

#[test]
fn multiplying_entities_are_an_error() {
    let bomb = r#"<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
        <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">
        <!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;">]>
        <svg xmlns="http://www.w3.org/2000/svg"><desc>&f;&f;&f;&f;&f;&f;&f;&f;</desc></svg>"#;
    assert!(from_bytes(bomb.as_bytes()).is_err());
}

#[test]
fn unreadable_file_is_named_with_advice() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("logo.svg");
    let error = load(&missing, Room::CODE).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "{}: the logo cannot be read: there is no such file; correct the path",
            missing.display()
        )
    );
    assert!(matches!(
        load(directory.path(), Room::CODE).unwrap_err().fault,
        LogoFault::Unreadable(_)
    ));
}

#[test]
fn file_over_eight_mebibytes_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("logo.svg");
    let padded = format!("{FLAG}{}", " ".repeat(8 * 1024 * 1024));
    std::fs::write(&path, padded).unwrap();
    assert_eq!(
        load(&path, Room::CODE).unwrap_err().fault,
        LogoFault::TooLarge
    );
}

#[test]
fn two_logos_are_the_same_when_their_files_are() {
    let flag = || from_bytes(FLAG.as_bytes()).unwrap();
    assert_eq!(flag(), flag());
    assert_ne!(flag(), mark().unwrap());
}
