// Starts `tenon lsp` and leaves everything else to it.

import { type ExtensionContext, commands, window, workspace } from 'vscode';
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from 'vscode-languageclient/node';

let client: LanguageClient | undefined;

async function start(): Promise<void> {
    const settings = workspace.getConfiguration('tenon');
    if (!settings.get<boolean>('enable', true)) {
        return;
    }
    const command = settings.get<string>('path', 'tenon');
    const server: ServerOptions = { command, args: ['lsp'] };
    const options: LanguageClientOptions = {
        // The server knows which of them belong to a host; of the others it says nothing.
        documentSelector: [{ scheme: 'file' }],
    };
    const starting = new LanguageClient('tenon', 'tenon', server, options);
    client = starting;
    try {
        await starting.start();
    } catch (error) {
        client = undefined;
        window.showErrorMessage(`tenon: \`${command} lsp\` cannot be started: ${String(error)}. Install tenon, or set \`tenon.path\`.`);
    }
}

async function stop(): Promise<void> {
    const running = client;
    client = undefined;
    await running?.stop();
}

async function restart(): Promise<void> {
    await stop();
    await start();
}

export async function activate(context: ExtensionContext): Promise<void> {
    context.subscriptions.push(
        commands.registerCommand('tenon.restart', restart),
        workspace.onDidChangeConfiguration(async (event) => {
            if (event.affectsConfiguration('tenon.path') || event.affectsConfiguration('tenon.enable')) {
                await restart();
            }
        }),
    );
    await start();
}

export function deactivate(): Promise<void> {
    return stop();
}
