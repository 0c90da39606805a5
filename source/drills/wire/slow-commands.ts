import {keyText} from '../../tap/key-text.js';
import type {SlowCommand} from './wire-report.js';

/** Limit of remembered names of commands and connections. */
const maxRemembered = 200;

/** Most commands that a report lists. */
const listed = 5;

/** The longest wait of each command, by its name and that of its connection. */
export class SlowCommands {
	readonly #longest = new Map<string, SlowCommand>();

	/** @param command Its connection's name as in `CommandEvent`. */
	add(command: SlowCommand): void {
		const id = `${command.command} ${command.connection}`;
		const known = this.#longest.get(id);
		if (known === undefined ? this.#longest.size < maxRemembered : command.ms > known.ms)
			this.#longest.set(id, command);
	}

	/** The longest first, with those that still wait. */
	list(waiting: readonly SlowCommand[]): readonly SlowCommand[] {
		const all = new SlowCommands();
		for (const command of [...this.#longest.values(), ...waiting]) all.add(command);
		return [...all.#longest.values()]
			.sort((one, other) => other.ms - one.ms)
			.slice(0, listed)
			.map((command) => ({
				...command,
				connection: keyText(command.connection),
				ms: Math.round(command.ms * 10) / 10,
				atMs: Math.round(command.atMs),
			}));
	}
}
