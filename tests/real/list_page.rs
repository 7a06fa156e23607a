//! The page of `tenon list --format html` in a browser: it sorts, filters, fits a phone, and follows the scheme.
//!
//! Needs Chromium: without it the test is skipped with a message, and fails where `CI=true`.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The browser, by whichever of its names is there.
fn browser() -> Option<&'static str> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found = names.into_iter().find(|name| {
        let asked = Command::new(name).arg("--version").output();
        asked.is_ok_and(|out| out.status.success())
    });
    if found.is_none() {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "chromium is missing"
        );
        println!("skipped: chromium is not installed");
    }
    found
}

/// What a script of the test finds on the page at this width, in the dark scheme or the light one.
fn asked(browser: &str, page: &str, dir: &Path, (width, dark): (u32, bool), script: &str) -> String {
    // The page in a frame as wide as the screen: windows have a least width.
    let probe = format!(
        "<script>addEventListener('load', function () {{\n{script}\nparent.postMessage(String(answer), '*'); }});</script></body>"
    );
    fs::write(dir.join("page.html"), page.replace("</body>", &probe)).unwrap();
    let frame = format!(
        "<!doctype html><meta name='color-scheme' content='light dark'><body><pre id='answer'></pre>\
         <script>onmessage = function (e) {{ answer.textContent = e.data; }}</script>\
         <iframe src='page.html' style='border:0;width:{width}px;height:800px'></iframe></body>"
    );
    fs::write(dir.join("frame.html"), frame).unwrap();
    let out = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--virtual-time-budget=3000",
            "--dump-dom",
        ])
        .arg("--window-size=1400,900")
        .arg(format!(
            "--blink-settings=preferredColorScheme={}",
            i32::from(!dark)
        ))
        .arg(format!("--user-data-dir={}", dir.join("profile").display()))
        .arg(format!("file://{}", dir.join("frame.html").display()))
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&out.stdout);
    let answer = dom
        .split("<pre id=\"answer\">")
        .nth(1)
        .and_then(|rest| rest.split("</pre>").next());
    answer
        .unwrap_or_else(|| panic!("no answer in {dom}\n{}", String::from_utf8_lossy(&out.stderr)))
        .to_owned()
}

/// A host with three integrations: one in order, one with a method that is missing, one that only looks hostile.
fn page(dir: &Path) -> String {
    let tenon = |args: &[&str], here: &Path| {
        let out = Command::new(env!("CARGO_BIN_EXE_tenon"))
            .args(args)
            .current_dir(here)
            .env("HOME", dir)
            .output()
            .unwrap();
        assert!(
            out.status.code() == Some(0),
            "{args:?}: {}",
            String::from_utf8_lossy(&out.stderr)
        );
        String::from_utf8(out.stdout).unwrap()
    };
    tenon(&["new", "host", "shop", "--pack", "o2s"], dir);
    let host = dir.join("shop");
    for (name, modules) in [("zeta", "tickets"), ("acme", "tickets,cms"), ("beta", "cms")] {
        tenon(&["new-integration", name, "--modules", modules], &host);
    }
    let service = host.join("packages/integrations/beta/src/modules/cms/cms.service.ts");
    let text = fs::read_to_string(&service).unwrap();
    fs::write(&service, text.replacen("getPage(", "getOtherPage(", 1)).unwrap();
    fs::create_dir(host.join("packages/integrations/<img src=x onerror=alert(1)>")).unwrap();
    fs::write(
        host.join("packages/integrations/<img src=x onerror=alert(1)>/package.json"),
        "{}\n",
    )
    .unwrap();
    tenon(&["list", "--format", "html"], &host)
}

const NAMES: &str = "var names = function () { return Array.prototype.map.call(\
    document.querySelectorAll('tbody tr:not([hidden]) > th'), function (th) { return th.firstChild.data; }).join(' '); };\n";

#[test]
fn the_list_can_be_sorted_filtered_and_read_on_a_phone_in_both_schemes() {
    let Some(browser) = browser() else { return };
    let dir = tempfile::tempdir().unwrap();
    let page = page(dir.path());
    let ask = |look: (u32, bool), script: &str| asked(browser, &page, dir.path(), look, script);

    // Sorted by name downwards; then what has missing methods; then by a word.
    let script = format!(
        "{NAMES} var answer = [], head = document.querySelector('thead button'); head.click(); head.click();\n\
         answer.push(names(), head.parentNode.getAttribute('aria-sort'));\n\
         only.value = 'missing'; only.dispatchEvent(new Event('change')); answer.push(names());\n\
         only.value = ''; filter.value = 'ZE'; filter.dispatchEvent(new Event('input')); answer.push(names());\n\
         answer.push(shown.textContent, document.images.length);\n\
         answer = answer.join('|');"
    );
    assert_eq!(
        ask((1280, false), &script),
        "zeta beta acme &lt;img src=x onerror=alert(1)&gt;|descending|beta|zeta|1 of 4|0"
    );

    // The head and the names stay where they are while a table with many columns is scrolled.
    let script = "var wide = document.querySelector('.wide'), head = document.querySelector('thead th + th'), name = document.querySelector('tbody th');\n\
        wide.style.maxWidth = '300px'; wide.style.maxHeight = '120px'; wide.scrollTop = 60; wide.scrollLeft = 200;\n\
        var box = wide.getBoundingClientRect(), top = head.getBoundingClientRect().top - box.top, left = name.getBoundingClientRect().left - box.left;\n\
        var answer = [wide.scrollTop > 50, wide.scrollLeft > 150, top < 3, left < 3, document.title].join('|');";
    assert_eq!(
        ask((1280, false), script),
        "true|true|true|true|shop: integrations"
    );

    // Nothing is wider than the screen of a phone, and what can be touched is large enough.
    let script = "var root = document.documentElement, low = [];\n\
        document.querySelectorAll('input, select, thead button').forEach(function (tool) { if (tool.offsetHeight < 32) low.push(tool.outerHTML); });\n\
        var answer = [innerWidth, root.scrollWidth <= innerWidth, low.length].join('|');";
    assert_eq!(ask((390, false), script), "390|true|0");

    // Text stands out from what is behind it in both schemes, and they differ.
    let script = "var light = function (colour) { var c = colour.match(/[\\d.]+/g).slice(0, 3).map(function (v) {\n\
        v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); });\n\
        return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]; };\n\
        var behind = function (node) { var c = getComputedStyle(node).backgroundColor;\n\
        return c === 'rgba(0, 0, 0, 0)' && node.parentElement ? behind(node.parentElement) : c; };\n\
        var weak = [], all = document.querySelectorAll('h1, .numbers span, tbody th, tbody th code, .mark, .rest, td span, thead button');\n\
        all.forEach(function (node) { var a = light(getComputedStyle(node).color), b = light(behind(node));\n\
        var ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); if (ratio < 4.5) weak.push(node.className + ratio); });\n\
        var answer = [getComputedStyle(document.body).backgroundColor, all.length > 20, weak.join(' ')].join('|');";
    assert_eq!(ask((1280, false), script), "rgb(255, 255, 255)|true|");
    assert_eq!(ask((1280, true), script), "rgb(20, 23, 26)|true|");
}
