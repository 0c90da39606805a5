import {encodeRequest} from '../../../source/resp/encode.js';
import type {CommandEvent, ConnectionEvent} from '../../../source/tap/traffic.js';
import {ConnectionReader} from '../../../source/tap/wire/connection-reader.js';

/** A reader of one connection, and what it has reported. Words and bytes are latin1. */
export class ReadTraffic {
	readonly commands: CommandEvent[] = [];
	readonly changes: ConnectionEvent[] = [];
	readonly reader = new ConnectionReader({
		address: '127.0.0.1:50000',
		connection: 1,
		openedAt: 0,
		onCommand: (event) => this.commands.push(event),
		onConnection: (event) => this.changes.push(event),
	});
	now = 0;

	/** The client sends these commands in one chunk. */
	send(...commands: readonly (readonly string[])[]): this {
		return this.sendBytes(commands.map((words) => encodeRequest(words)).join(''));
	}

	sendBytes(bytes: string): this {
		this.reader.request(Buffer.from(bytes, 'latin1'), this.now);
		return this;
	}

	/** The server sends these bytes in one chunk. */
	reply(bytes: string): this {
		this.reader.reply(Buffer.from(bytes, 'latin1'), this.now);
		return this;
	}

	/** Sends a command and its reply, and returns what was reported of it. */
	ask(words: readonly string[], reply: string): CommandEvent {
		const before = this.commands.length;
		this.send(words).reply(reply);
		const event = this.commands[before];
		if (event === undefined || this.commands.length > before + 1)
			throw new Error(`${this.commands.length - before} reports of ${words.join(' ')}`);
		return event;
	}

	names(): readonly string[] {
		return this.commands.map(({command}) => command);
	}
}
