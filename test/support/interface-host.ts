// The loopback host with another built interface than the installed one, as a process of its own: node interface-host.ts FOLDER. Its data
// lie in SONOSYNC_HOME; it prints its address and ends with SIGTERM.
import { findHome } from '../../electron/app/home.ts';
import { launchApp } from '../../electron/app/launch.ts';
import { startWebHost } from '../../electron/web/host.ts';

const app = await launchApp({
  workspaceFolder: null,
  home: findHome(process.env, process.cwd()),
  model: null,
  warn: (line) => console.error(line),
  host: 'web',
  openFolder: () => Promise.resolve(),
});
const host = await startWebHost({ app, interfaceFolder: process.argv[2] });
app.warmUp();
app.openIntake();
console.log(host.issueAddress());
process.once('SIGTERM', () => {
  void host.close().then(() => app.close());
});
