use super::*;

#[test]
fn a_language_is_found_by_its_tag_in_any_case_and_with_any_region() {
    for language in Language::ALL {
        assert_eq!(Language::of_tag(language.tag()), Some(language));
        assert_eq!(
            Language::of_tag(&language.tag().to_uppercase()),
            Some(language)
        );
    }
    assert_eq!(Language::of_tag("en"), Some(Language::EnNz));
    assert_eq!(Language::of_tag("fr-CA"), Some(Language::Fr));
    assert_eq!(Language::of_tag("zh-CN"), Some(Language::ZhHans));
}

#[test]
fn what_is_not_spoken_is_no_language() {
    for tag in [
        "",
        "xx",
        "zh-Hant",
        "zh-TW",
        "en_NZ",
        "e n",
        "en-",
        "fr-\u{202e}",
    ] {
        assert_eq!(Language::of_tag(tag), None, "{tag:?}");
    }
}
