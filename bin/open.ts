import './check-node.js';
import { runCommand } from './run-command.ts';

await runCommand('open');
