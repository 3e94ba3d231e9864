import type { Command } from '../../cli/io.js';

export const command: Command = { interruptible: true, run: async () => 0 };
