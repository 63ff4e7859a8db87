use std::io::Cursor;

use image::{ImageFormat, Rgba, RgbaImage};

use super::*;

/// Twice as wide as high: red on the left, clear on the right.
const FLAG: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">
    <rect width="20" height="20" fill="#ff0000"/></svg>"##;

fn svg(inside: &str) -> Result<Logo, LogoFault> {
    let text = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
           viewBox="0 0 10 10">{inside}</svg>"#
    );

    Logo::from_bytes(text.as_bytes())
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
    assert_is_the_flag(&Logo::from_bytes(FLAG.as_bytes()).unwrap());
}

#[test]
fn a_png_is_drawn_in_its_own_proportions() {
    let flag = RgbaImage::from_fn(80, 40, |x, _| {
        Rgba(if x < 40 {
            [255, 0, 0, 255]
        } else {
            [0, 0, 255, 0]
        })
    });
    assert_is_the_flag(&Logo::from_bytes(&png(&flag)).unwrap());
}

#[test]
fn the_colour_of_what_cannot_be_seen_does_not_bleed_into_what_can() {
    let flag = RgbaImage::from_fn(80, 40, |x, _| {
        Rgba(if x < 37 {
            [255, 0, 0, 255]
        } else {
            [0, 0, 255, 0]
        })
    });
    let picture = Logo::from_bytes(&png(&flag)).unwrap().raster(20, 20);
    for pixel in picture.pixels() {
        assert_eq!(pixel.0[2], 0, "{pixel:?}");
    }
}

#[test]
fn half_a_colour_keeps_its_hue() {
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
fn a_logo_too_flat_for_its_room_still_has_a_pixel_each_way() {
    let line = RgbaImage::from_pixel(400, 1, Rgba([0, 0, 0, 255]));
    let picture = Logo::from_bytes(&png(&line)).unwrap().raster(20, 20);
    assert_eq!(picture.dimensions(), (20, 1));
}

#[test]
fn the_mark_is_square_and_dark_enough_to_be_seen_on_white() {
    let picture = Logo::mark().unwrap().raster(20, 20);
    assert_eq!(picture.dimensions(), (20, 20));
    let dark = picture
        .pixels()
        .filter(|pixel| pixel.0[3] > 128 && pixel.0[0] < 64)
        .count();
    assert!(dark > 100, "{dark}");
}

#[test]
fn what_would_be_missing_from_the_picture_is_refused() {
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
fn a_file_that_reaches_for_another_is_refused() {
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
fn an_empty_logo_is_refused() {
    assert_eq!(svg("").unwrap_err(), LogoFault::Empty);
    let clear = RgbaImage::new(8, 8);
    assert_eq!(
        Logo::from_bytes(&png(&clear)).unwrap_err(),
        LogoFault::Empty
    );
}

#[test]
fn what_is_neither_svg_nor_png_is_refused() {
    for bytes in [&b"GIF89a"[..], b"\x1f\x8b\x08", b"<html/>", b""] {
        assert!(matches!(
            Logo::from_bytes(bytes),
            Err(LogoFault::Unknown(_))
        ));
    }
    let mut torn = png(&RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 255])));
    torn.truncate(40);
    assert!(matches!(Logo::from_bytes(&torn), Err(LogoFault::Png(_))));
}

#[test]
fn entities_that_multiply_end_in_an_error() {
    let bomb = r#"<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
        <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">
        <!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;">]>
        <svg xmlns="http://www.w3.org/2000/svg"><desc>&f;&f;&f;&f;&f;&f;&f;&f;</desc></svg>"#;
    assert!(Logo::from_bytes(bomb.as_bytes()).is_err());
}

#[test]
fn a_file_that_cannot_be_read_is_named_with_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("logo.svg");
    let error = Logo::load(&missing, Room::CODE).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "{}: the logo cannot be read: there is no such file; correct the path",
            missing.display()
        )
    );
    assert!(matches!(
        Logo::load(directory.path(), Room::CODE).unwrap_err().fault,
        LogoFault::Unreadable(_)
    ));
}

#[test]
fn a_file_over_eight_mebibytes_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("logo.svg");
    let padded = format!("{FLAG}{}", " ".repeat(8 * 1024 * 1024));
    std::fs::write(&path, padded).unwrap();
    assert_eq!(
        Logo::load(&path, Room::CODE).unwrap_err().fault,
        LogoFault::TooLarge
    );
}

#[test]
fn two_logos_are_the_same_when_their_files_are() {
    let flag = || Logo::from_bytes(FLAG.as_bytes()).unwrap();
    assert_eq!(flag(), flag());
    assert_ne!(flag(), Logo::mark().unwrap());
}
