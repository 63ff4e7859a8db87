//! The letters that dead keys and the Compose key make: "ā" is typed as a macron and an a on a Māori
//! keyboard.
//!
//! The X libraries have a table of thousands of sequences for that, which takes as long to read as all
//! else that the program does before its code is on the screen. This one has the Latin letters of names,
//! and the Greek ones with an accent.

use std::fmt::Write;

/// An accent: its dead key, what stands for it after the Compose key, the character that it is by
/// itself, and each letter followed by the letter with the accent.
struct Accent {
    dead: &'static str,
    composed_by: &'static str,
    alone: &'static str,
    letters: &'static str,
}

const ACCENTS: [Accent; 17] = [
    Accent {
        dead: "dead_grave",
        composed_by: "grave",
        alone: "`",
        letters: "aàAÀeèEÈiìIÌnǹNǸoòOÒuùUÙwẁWẀyỳYỲ",
    },
    Accent {
        dead: "dead_acute",
        composed_by: "apostrophe",
        alone: "'",
        letters: "aáAÁcćCĆeéEÉgǵGǴiíIÍkḱKḰlĺLĹmḿMḾnńNŃoóOÓpṕPṔrŕRŔsśSŚuúUÚwẃWẂyýYÝzźZŹ",
    },
    Accent {
        dead: "dead_circumflex",
        composed_by: "asciicircum",
        alone: "^",
        letters: "aâAÂcĉCĈeêEÊgĝGĜhĥHĤiîIÎjĵJĴoôOÔsŝSŜuûUÛwŵWŴyŷYŶzẑZẐ",
    },
    Accent {
        dead: "dead_tilde",
        composed_by: "asciitilde",
        alone: "~",
        letters: "aãAÃeẽEẼiĩIĨnñNÑoõOÕuũUŨvṽVṼyỹYỸ",
    },
    Accent {
        dead: "dead_macron",
        composed_by: "minus",
        alone: "¯",
        letters: "aāAĀeēEĒgḡGḠiīIĪoōOŌuūUŪyȳYȲ",
    },
    Accent {
        dead: "dead_breve",
        composed_by: "U",
        alone: "˘",
        letters: "aăAĂeĕEĔgğGĞiĭIĬoŏOŎuŭUŬ",
    },
    Accent {
        dead: "dead_abovedot",
        composed_by: "period",
        alone: "˙",
        letters: "aȧAȦbḃBḂcċCĊdḋDḊeėEĖfḟFḞgġGĠhḣHḢIİmṁMṀnṅNṄoȯOȮpṗPṖrṙRṘsṡSṠtṫTṪwẇWẆxẋXẊyẏYẎzżZŻ",
    },
    Accent {
        dead: "dead_diaeresis",
        composed_by: "quotedbl",
        alone: "\\\"",
        letters: "aäAÄeëEËhḧHḦiïIÏoöOÖtẗuüUÜwẅWẄxẍXẌyÿYŸ",
    },
    Accent {
        dead: "dead_abovering",
        composed_by: "o",
        alone: "°",
        letters: "aåAÅuůUŮwẘyẙ",
    },
    Accent {
        dead: "dead_doubleacute",
        composed_by: "equal",
        alone: "˝",
        letters: "oőOŐuűUŰ",
    },
    Accent {
        dead: "dead_caron",
        composed_by: "c",
        alone: "ˇ",
        letters: "aǎAǍcčCČdďDĎeěEĚgǧGǦhȟHȞiǐIǏjǰkǩKǨlľLĽnňNŇoǒOǑrřRŘsšSŠtťTŤuǔUǓzžZŽ",
    },
    Accent {
        dead: "dead_belowdot",
        composed_by: "exclam",
        alone: ".",
        letters: "aạAẠbḅBḄdḍDḌeẹEẸhḥHḤiịIỊkḳKḲlḷLḶmṃMṂnṇNṆoọOỌrṛRṚsṣSṢtṭTṬuụUỤvṿVṾwẉWẈyỵYỴzẓZẒ",
    },
    Accent {
        dead: "dead_cedilla",
        composed_by: "comma",
        alone: "¸",
        letters: "cçCÇdḑDḐeȩEȨgģGĢhḩHḨkķKĶlļLĻnņNŅrŗRŖsşSŞtţTŢ",
    },
    Accent {
        dead: "dead_ogonek",
        composed_by: "semicolon",
        alone: "˛",
        letters: "aąAĄeęEĘiįIĮoǫOǪuųUŲ",
    },
    Accent {
        dead: "dead_hook",
        composed_by: "question",
        alone: "?",
        letters: "aảAẢeẻEẺiỉIỈoỏOỎuủUỦyỷYỶ",
    },
    Accent {
        dead: "dead_horn",
        composed_by: "plus",
        alone: "+",
        letters: "oơOƠuưUƯ",
    },
    Accent {
        dead: "dead_stroke",
        composed_by: "slash",
        alone: "/",
        letters: "bƀdđhħiɨlłoøtŧuʉzƶBɃDĐHĦIƗLŁOØTŦUɄZƵ",
    },
];

/// The Greek letters that take an accent, as X names them.
const GREEK: [(&str, &str, &str); 14] = [
    ("Greek_alpha", "ά", ""),
    ("Greek_epsilon", "έ", ""),
    ("Greek_eta", "ή", ""),
    ("Greek_iota", "ί", "ϊ"),
    ("Greek_omicron", "ό", ""),
    ("Greek_upsilon", "ύ", "ϋ"),
    ("Greek_omega", "ώ", ""),
    ("Greek_ALPHA", "Ά", ""),
    ("Greek_EPSILON", "Έ", ""),
    ("Greek_ETA", "Ή", ""),
    ("Greek_IOTA", "Ί", "Ϊ"),
    ("Greek_OMICRON", "Ό", ""),
    ("Greek_UPSILON", "Ύ", "Ϋ"),
    ("Greek_OMEGA", "Ώ", ""),
];

/// Returns the table in the form that the X libraries read.
pub(super) fn table() -> String {
    let mut table = String::new();
    let mut line = |keys: &str, text: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{keys} : \"{text}\"");
    };
    for Accent {
        dead,
        composed_by,
        alone,
        letters,
    } in ACCENTS
    {
        line(&format!("<{dead}> <space>"), alone);
        line(&format!("<{dead}> <{dead}>"), alone);
        let mut letters = letters.chars();
        while let (Some(letter), Some(accented)) = (letters.next(), letters.next()) {
            let accented = accented.to_string();
            line(&format!("<{dead}> <{letter}>"), &accented);
            line(
                &format!("<Multi_key> <{composed_by}> <{letter}>"),
                &accented,
            );
        }
    }
    for (letter, acute, diaeresis) in GREEK {
        line(&format!("<dead_acute> <{letter}>"), acute);
        if !diaeresis.is_empty() {
            line(&format!("<dead_diaeresis> <{letter}>"), diaeresis);
        }
    }

    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maori_and_french_names_can_be_typed() {
        let table = table();
        for line in [
            "<dead_macron> <a> : \"ā\"",
            "<dead_diaeresis> <e> : \"ë\"",
            "<dead_diaeresis> <space> : \"\\\"\"",
            "<Multi_key> <apostrophe> <e> : \"é\"",
        ] {
            assert!(table.lines().any(|one| one == line), "{line}");
        }
    }
}
