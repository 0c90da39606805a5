import {CommandError, type CommandHandlers} from '../command.js';

/** Commands that show the current Redis, and switch to another one. */
export const connectionCommands = {
	url({session: {privateUrl, target}}) {
		if (privateUrl !== undefined) return {lines: [privateUrl, `redis-cli -u ${privateUrl}`], data: privateUrl};
		return {lines: [`${target.url}, with the login that was given to this program`], data: target.url};
	},
	async connect(context, [word]) {
		const {obstacle} = context.session.drills;
		if (obstacle !== undefined) throw new CommandError(obstacle);
		await context.connect(word);
		const {target} = context.snapshot();
		const name = target.connection === undefined ? '' : `${target.connection.name}, `;
		return {lines: [`connected to ${name}${target.url}`], data: target};
	},
	connections({connections}) {
		const list = connections();
		const lines = list.map(({name, url, readOnly, isCurrent}) =>
			[name, url, ...(readOnly ? ['read-only'] : []), ...(isCurrent ? ['in use'] : [])].join('  '),
		);
		return {lines: list.length > 0 ? lines : ['the configuration file has no connections'], data: list};
	},
} satisfies Partial<CommandHandlers>;
