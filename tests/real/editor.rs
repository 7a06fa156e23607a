//! `tenon lsp` with a real client: Neovim, without a screen.
//!
//! Needs `nvim`: without it the test is skipped with a message, and fails where `CI=true`.

use std::fs;
use std::path::Path;
use std::process::Command;

/// What the editor does: opens a source, breaks it, waits for the finding, reads its page, follows an entry, applies
/// the fix, writes the file.
const SCRIPT: &str = r#"
local service, slot = vim.env.SERVICE, vim.env.SLOT
local out = {}
local function say(...) table.insert(out, table.concat(vim.tbl_map(tostring, { ... }), ' ')) end
local function finish()
    vim.fn.writefile(out, vim.env.RESULT)
    vim.cmd('qall!')
end
local function await(what, is)
    if not vim.wait(30000, is, 20) then say('waited in vain for', what); finish() end
end
-- These are there in every release since 0.7.
local ok, why = pcall(function()
    local id = vim.lsp.start_client({ name = 'tenon', cmd = { vim.env.TENON, 'lsp' }, root_dir = vim.env.ROOT })
    local client = vim.lsp.get_client_by_id(id)
    local function open(path)
        vim.cmd('edit ' .. path)
        local buffer = vim.api.nvim_get_current_buf()
        vim.lsp.buf_attach_client(buffer, id)
        return buffer
    end
    local function ask(method, buffer, context)
        local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
        params.range = { start = params.position, ['end'] = params.position }
        params.context = context
        return client.request_sync(method, params, 30000, buffer).result
    end
    local buffer = open(service)
    await('the server', function() return client.initialized end)
    local row = vim.fn.search('getTicketList(')
    local line = vim.fn.getline(row)
    -- A character that is two units wide for the protocol, and four bytes long, before the name.
    vim.fn.setline(row, (line:gsub('getTicketList', '/* 😀 */ getTickets')))
    await('a finding', function() return #vim.diagnostic.get(buffer) > 0 end)
    local found = vim.diagnostic.get(buffer)
    say(#found, found[1].code or found[1].user_data.lsp.code, found[1].source, found[1].severity)
    vim.api.nvim_win_set_cursor(0, { found[1].lnum + 1, found[1].col })
    say(vim.fn.expand('<cword>'))
    say(ask('textDocument/hover', buffer).contents.value:match('## Why') or 'no page')
    local actions = ask('textDocument/codeAction', buffer, { diagnostics = {} })
    say(#actions, actions[1].title)
    vim.lsp.util.apply_workspace_edit(actions[1].edit, client.offset_encoding)
    await('the fix', function() return #vim.diagnostic.get(buffer) == 0 end)
    vim.cmd('write')
    local second = open(slot)
    vim.fn.search('integrations.acme')
    say(vim.uri_to_fname(ask('textDocument/definition', second).uri):match('packages/.*'))
end)
if not ok then say('error', why) end
finish()
"#;

#[test]
fn neovim_shows_findings_and_applies_their_fixes() {
    let nvim = Command::new("nvim").arg("--version").output();
    if !nvim.is_ok_and(|out| out.status.success()) {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "nvim is missing");
        println!("skipped: nvim is not installed");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().canonicalize().unwrap();
    let tenon = |args: &[&str], here: &Path| {
        let out = Command::new(env!("CARGO_BIN_EXE_tenon"))
            .args(args)
            .current_dir(here)
            .env("HOME", &home)
            .output()
            .unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    };
    tenon(&["new", "host", "shop", "--pack", "o2s"], &home);
    let host = home.join("shop");
    tenon(
        &[
            "new-integration",
            "acme",
            "--modules",
            "tickets",
            "--activate",
            "tickets",
        ],
        &host,
    );
    let service = host.join("packages/integrations/acme/src/modules/tickets/tickets.service.ts");
    let script = home.join("script.lua");
    fs::write(&script, SCRIPT).unwrap();
    let result = home.join("result");
    let out = Command::new("timeout")
        .args(["120", "nvim", "--headless", "--clean", "-n", "-c"])
        .arg(format!("luafile {}", script.display()))
        .current_dir(&host)
        .env("HOME", &home)
        .env("XDG_STATE_HOME", home.join("state"))
        .env("TENON", env!("CARGO_BIN_EXE_tenon"))
        .env("ROOT", &host)
        .env("SERVICE", &service)
        .env(
            "SLOT",
            host.join("packages/configs/integrations/src/models/tickets.ts"),
        )
        .env("RESULT", &result)
        .output()
        .unwrap();
    let said = fs::read_to_string(&result).unwrap_or_else(|_| panic!("{out:?}"));
    let expected = "1 missing-method tenon 1\nTicketsService\n## Why\n1 Add a stub of `getTicketList`\npackages/integrations/acme/package.json\n";
    assert_eq!(said, expected, "{out:?}");
    // What the editor wrote is what a check has nothing to say about.
    tenon(&["check"], &host);
    assert!(fs::read_to_string(&service).unwrap().contains("😀"));
}

/// The set-up that `docs/editor.md` shows for this version of Neovim.
#[test]
fn the_set_up_of_the_docs_starts_the_server() {
    let Ok(version) = Command::new("nvim").arg("--version").output() else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "nvim is missing");
        println!("skipped: nvim is not installed");
        return;
    };
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let minor = version
        .split('.')
        .nth(1)
        .and_then(|part| part.parse::<u32>().ok());
    let page = include_str!("../../docs/editor.md");
    let blocks: Vec<&str> = page
        .split("```lua\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    let setup = blocks[usize::from(minor.is_some_and(|minor| minor < 11))];
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().canonicalize().unwrap();
    let bin = Path::new(env!("CARGO_BIN_EXE_tenon")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let out = Command::new(env!("CARGO_BIN_EXE_tenon"))
        .args(["new", "host", "shop", "--pack", "o2s", "--quiet"])
        .current_dir(&home)
        .env("HOME", &home)
        .output()
        .unwrap();
    assert!(out.status.success());
    fs::write(home.join("init.lua"), format!("vim.cmd('filetype on')\n{setup}")).unwrap();
    let ask = "lua vim.cmd('edit package.json'); \
               local function there() for _, c in pairs(vim.lsp.get_active_clients()) do if c.name == 'tenon' and c.initialized then return true end end end; \
               vim.wait(20000, there, 20); vim.fn.writefile({ tostring(there()) }, 'answer'); vim.cmd('qall!')";
    let out = Command::new("nvim")
        .args(["--headless", "-u"])
        .arg(home.join("init.lua"))
        .args(["-c", ask])
        .current_dir(home.join("shop"))
        .env("HOME", &home)
        .env("PATH", path)
        .output()
        .unwrap();
    let answer = fs::read_to_string(home.join("shop/answer")).unwrap_or_default();
    assert_eq!(answer.trim(), "true", "{}", String::from_utf8_lossy(&out.stderr));
}
