import type {PendingCommand} from './pending-command.js';

/** The commands whose replies are due, in the order they were sent. Every operation takes constant time. */
export class CommandList {
	first: PendingCommand | undefined;
	#last: PendingCommand | undefined;
	length = 0;

	append(command: PendingCommand): void {
		command.previous = this.#last;
		if (this.#last === undefined) this.first = command;
		else this.#last.next = command;
		this.#last = command;
		this.length++;
	}

	/** The command must be in the list. */
	remove(command: PendingCommand): void {
		const {previous, next} = command;
		if (previous === undefined) this.first = next;
		else previous.next = next;
		if (next === undefined) this.#last = previous;
		else next.previous = previous;
		command.previous = undefined;
		command.next = undefined;
		this.length--;
	}

	/** Removes and returns the first command. */
	shift(): PendingCommand | undefined {
		const command = this.first;
		if (command !== undefined) this.remove(command);
		return command;
	}
}
