import {writeFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import {CommandError, type CommandHandlers} from '../command.js';

export const exportCommands = {
	async export(context, [file]) {
		const path = resolve(file);
		const state = {...context.snapshot(), privateUrl: undefined, events: context.log.all()};
		const text = `${JSON.stringify(state, null, 2)}\n`;
		try {
			// `wx` fails on an existing file instead of overwriting it.
			await writeFile(path, text, {flag: 'wx'});
		} catch (error) {
			const {code, message} = error as NodeJS.ErrnoException;
			throw new CommandError(
				code === 'EEXIST' ? `${path} already exists; choose another name` : `cannot write ${path}: ${message}`,
			);
		}
		return {lines: [`wrote ${path}`], data: path};
	},
} satisfies Partial<CommandHandlers>;
