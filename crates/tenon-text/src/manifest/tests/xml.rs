//! XML: what is a list, what is inserted and removed, and what is refused.

use serde_json::json;

use super::*;

const X: ManifestFormat = ManifestFormat::Xml;

const POM: &str = "<?xml version=\"1.0\"?>\n<!-- Licence. -->\n<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\n    <parent>\n        <artifactId>root</artifactId>\n    </parent>\n    <modules>\n        <module>a</module> <!-- why -->\n        <!-- More. -->\n        <module>c</module>\n    </modules>\n    <dependencies>\n        <dependency>\n            <groupId>g</groupId>\n            <artifactId>x &amp; y</artifactId>\n        </dependency>\n    </dependencies>\n    <empty></empty>\n    <repositories>\n    </repositories>\n    <site url=\"u\" id='2'/>\n</project>\n";

#[test]
fn elements_are_members_lists_and_text() {
    let value = read(POM, X, "pom.xml").unwrap();
    assert_eq!(
        value,
        json!({ "project": {
            "parent": { "artifactId": "root" },
            "modules": ["a", "c"],
            "dependencies": [{ "groupId": "g", "artifactId": "x & y" }],
            "empty": null,
            "repositories": null,
            "site": { "@url": "u", "@id": "2" },
        } })
    );
    let text = "<a><b>1</b><b>2</b></a>";
    assert_eq!(read(text, X, "f").unwrap(), json!({ "a": ["1", "2"] }));
    let mixed = "<a k='v'>x <![CDATA[<y>]]></a>";
    assert_eq!(
        read(mixed, X, "f").unwrap(),
        json!({ "a": { "@k": "v", "#text": "x <y>" } })
    );
    let entry = &entries(POM, X, "f", "/project/modules").unwrap().unwrap()[0];
    assert_eq!(&POM[entry.span.start..entry.span.end], "<module>a</module>");
    assert_eq!(&POM[entry.value_span.start..entry.value_span.end], "a");
}

#[test]
fn an_element_goes_among_its_like() {
    for pom in [
        POM.to_owned(),
        POM.replace('\n', "\r\n"),
        POM.replace("    ", "\t"),
        format!("\u{feff}{POM}"),
    ] {
        let eol = if pom.contains('\r') { "\r\n" } else { "\n" };
        let unit = if pom.contains('\t') { "\t" } else { "    " };
        let line = |depth: usize, text: &str| format!("{eol}{}{text}", unit.repeat(depth));
        let after = inserted(X, &pom, "/project/modules", item("b"), Order::Auto);
        assert_eq!(
            after,
            pom.replace(
                " <!-- why -->",
                &format!(" <!-- why -->{}", line(2, "<module>b</module>"))
            )
        );
        let after = inserted(X, &pom, "/project/modules", item("B & co"), Order::Auto);
        let first = format!("<module>B &amp; co</module>{}", line(2, "<module>a"));
        assert_eq!(after, pom.replace("<module>a", &first));
        let new = json!({ "groupId": "h", "exclusions": ["z"] });
        let after = inserted(X, &pom, "/project/dependencies", item(new), Order::Auto);
        let said = [
            line(2, "<dependency>"),
            line(3, "<groupId>h</groupId>"),
            line(3, "<exclusions>"),
            line(4, "<exclusion>z</exclusion>"),
            line(3, "</exclusions>"),
            line(2, "</dependency>"),
        ]
        .concat();
        assert_eq!(
            after,
            pom.replace("</dependency>", &format!("</dependency>{said}"))
        );
        let after = inserted(X, &pom, "/project/parent", key("version", "1"), Order::Append);
        assert_eq!(
            after,
            pom.replace(
                "root</artifactId>",
                &format!("root</artifactId>{}", line(2, "<version>1</version>"))
            )
        );
    }
}

#[test]
fn an_empty_element_gets_its_bytes_back() {
    let after = inserted(X, POM, "/project/repositories", item("r"), Order::Auto);
    let said = "<repositories>\n        <repository>r</repository>\n    </repositories>";
    assert_eq!(after, POM.replace("<repositories>\n    </repositories>", said));
    let after = inserted(X, POM, "/project/empty", key("k", "v"), Order::Auto);
    assert_eq!(
        after,
        POM.replace("<empty></empty>", "<empty>\n        <k>v</k>\n    </empty>")
    );
    let after = inserted(
        X,
        POM,
        "/project/build/plugins",
        item(json!({ "artifactId": "p" })),
        Order::Auto,
    );
    let said = "id='2'/>\n    <build>\n        <plugins>\n            <plugin>\n                <artifactId>p</artifactId>\n            </plugin>\n        </plugins>\n    </build>";
    assert_eq!(after, POM.replace("id='2'/>", said));
    let closed = POM.replace("<empty></empty>", "<empty  a='>'\n    />\n    <modules/>");
    let closed = closed.replace("<modules>\n        <module>a</module> <!-- why -->\n        <!-- More. -->\n        <module>c</module>\n    </modules>\n    ", "");
    let after = inserted(X, &closed, "/project/modules", item("r"), Order::Auto);
    let said = "<modules>\n        <module>r</module>\n    </modules>";
    assert_eq!(after, closed.replace("<modules/>", said));
    let after = inserted(X, &closed, "/project/empty", key("k", "v"), Order::Auto);
    assert_eq!(
        after,
        closed.replace("'>'\n    />", "'>'>\n        <k>v</k>\n    </empty>")
    );
    let after = inserted(X, "<a><bs /></a>", "/a/bs", item("x"), Order::Auto);
    assert_eq!(after, "<a><bs><b>x</b></bs></a>");
    let line = "<p><modules><module>a</module></modules></p>";
    let after = inserted(X, line, "/p/modules", item("b"), Order::Auto);
    assert_eq!(
        after,
        "<p><modules><module>a</module><module>b</module></modules></p>"
    );
}

#[test]
fn what_a_person_wrote_is_removed_alone() {
    let gone = |text: &str, pointer: &str, selector: Selector| {
        let edits = remove(text, X, "f", pointer, &selector, &Trace::default()).unwrap();
        apply_edits(text, &edits).unwrap()
    };
    assert_eq!(
        gone(POM, "/project/modules", Selector::Item(json!("a"))),
        POM.replace("\n        <module>a</module> <!-- why -->", "")
    );
    assert_eq!(
        gone(POM, "/project/parent", Selector::Key("artifactId".to_owned())),
        POM.replace(
            "\n        <artifactId>root</artifactId>\n    </parent>",
            "</parent>"
        )
    );
    let line = "<p><modules><module>a</module><module>b</module></modules></p>";
    assert_eq!(
        gone(line, "/p/modules", Selector::Item(json!("a"))),
        line.replace("<module>a</module>", "")
    );
}

#[test]
fn what_cannot_be_said_is_refused() {
    let cases = [
        (
            POM,
            "",
            key("x", "y"),
            "a file of XML has one element that holds all others",
        ),
        (
            POM,
            "/project/modules",
            item(1),
            "XML has no way to say `1` but as text",
        ),
        (
            POM,
            "/project",
            key("a b", "c"),
            "no element of XML can be called `a b`",
        ),
        (
            POM,
            "/project",
            key("@a", "c"),
            "no element of XML can be called `@a`",
        ),
        (
            POM,
            "/project/parent",
            key("k", " x"),
            "no element of XML says ` x`",
        ),
        (
            POM,
            "/project/empty",
            item("x"),
            "the name of the elements in an empty `<empty>` is not known",
        ),
        (
            "<a><bs><!-- x --></bs></a>",
            "/a/bs",
            item("x"),
            "an element with text or a comment, and without elements, gets none",
        ),
    ];
    for (text, pointer, entry, said) in cases {
        let error = refused(X, text, pointer, entry);
        assert!(error.contains(said), "{pointer}: {error}");
    }
    let edits = remove(
        POM,
        X,
        "f",
        "/project/site",
        &Selector::Key("@url".to_owned()),
        &Trace::default(),
    );
    assert_eq!(
        edits.unwrap_err().message(),
        "only elements are removed from a file of XML"
    );
}

#[test]
fn a_broken_file_says_where() {
    let error = read("<a>\n  <é></b>\n</a>\n", X, "pom.xml").unwrap_err();
    assert_eq!(error.message(), "not valid XML: expected 'é' tag, not 'b'");
    assert_eq!(error.location().unwrap().to_string(), "pom.xml:2:6");
    let entity = "<!DOCTYPE a [<!ENTITY b \"x\">]><a>&b;</a>";
    assert_eq!(
        read(entity, X, "f").unwrap_err().message(),
        "a file that declares entities of its own is not read"
    );
    let typed = "<!DOCTYPE a PUBLIC \"-//A//B\" \"https://a.example/b.dtd\">\n<as>\n  <a>x</a>\n</as>\n";
    assert_eq!(
        inserted(X, typed, "/as", item("y"), Order::Auto),
        typed.replace("x</a>", "x</a>\n  <a>y</a>")
    );
    assert!(read("<a>&b;</a>", X, "f").is_err() && read("", X, "f").is_err());
}

#[test]
fn a_value_is_written_as_the_one_that_it_stands_for() {
    let like = |text: &str, written: &str| string_like(text, X, written);
    assert_eq!(like("a & b", "x").as_deref(), Some("a &amp; b"));
    assert_eq!(like("a < b", "'x'").as_deref(), Some("'a &lt; b'"));
    assert_eq!((like("a'", "'x'"), like(" a", "x")), (None, None));
    assert_eq!(
        string_like("a", ManifestFormat::Toml, "'x'").as_deref(),
        Some("\"a\"")
    );
}
