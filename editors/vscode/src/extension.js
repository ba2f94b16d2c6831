// The client: it starts `slarules lsp` for policies, and shows what came of a scenario that was run.
"use strict";

const path = require("path");
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

const RUN = "slarules.runScenario";

let client;
let timelines;

function activate(context) {
  timelines = vscode.window.createOutputChannel("slarules scenarios");
  context.subscriptions.push(
    timelines,
    vscode.commands.registerCommand("slarules.restart", restart),
    vscode.commands.registerCommand("slarules.showTimeline", () => timelines.show(true)),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("slarules.command")) {
        return restart();
      }
      return undefined;
    }),
  );
  return start();
}

async function start() {
  const folder = (vscode.workspace.workspaceFolders || [])[0];
  const root = folder && folder.uri.scheme === "file" ? folder.uri.fsPath : undefined;
  const [command, ...args] = vscode.workspace.getConfiguration("slarules").get("command");
  const server = { command: found(command, root), args, options: { cwd: root } };
  client = new LanguageClient("slarules", "slarules", server, {
    documentSelector: [{ language: "slarules" }],
    synchronize: {
      fileEvents: vscode.workspace.createFileSystemWatcher("**/*.{sla,txt}"),
    },
    middleware: { executeCommand: ranScenario },
  });
  try {
    await client.start();
  } catch (problem) {
    const told = `slarules: the language server could not be started as \`${[command, ...args].join(" ")}\`. ` +
      "Install it with: pip install 'slarules[lsp]' — or say in the setting `slarules.command` where it is.";
    const answer = await vscode.window.showErrorMessage(told, "Open the setting");
    if (answer) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "slarules.command");
    }
  }
}

/** A command with a path in it is looked for from the workspace folder; any other on the PATH. */
function found(command, root) {
  return /[\\/]/.test(command) && root && !path.isAbsolute(command) ? path.join(root, command) : command;
}

/** The timeline of a scenario goes to the output; a failing one is shown at once. */
async function ranScenario(command, args, next) {
  const result = await next(command, args);
  if (command === RUN && result && result.text) {
    timelines.appendLine(result.text);
    timelines.appendLine("");
    if (!result.passed) {
      timelines.show(true);
    }
  }
  return result;
}

async function restart() {
  await deactivate();
  await start();
}

async function deactivate() {
  const running = client;
  client = undefined;
  if (running) {
    try {
      await running.stop();
    } catch {
      // it had not been started
    }
  }
}

module.exports = { activate, deactivate };
