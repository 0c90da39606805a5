import type {WorkloadMix} from '../../protocol.js';
import {CommandError, type CommandHandler, type CommandHandlers, numberArgument} from '../command.js';

/** Parses `80:15:5`, the shares of reads, writes and deletes. */
function parseMix(text: string | undefined): WorkloadMix {
	const [read, write, remove, ...rest] = (text ?? '').split(':').map(Number);
	const isShare = (share: number | undefined): share is number => share !== undefined && share >= 0 && share <= 1000;
	if (!isShare(read) || !isShare(write) || !isShare(remove) || rest.length > 0 || read + write + remove === 0) {
		const instead = text === undefined ? '' : `, not ${JSON.stringify(text)}`;
		throw new CommandError(`write the mix as read:write:delete, such as 80:15:5${instead}`);
	}
	return {read, write, delete: remove};
}

type Action = 'on' | 'off' | 'rate' | 'keys' | 'mix';

const actions: Readonly<Record<Action, CommandHandler<'workload'>>> = {
	on({session}) {
		session.workload.start();
		return {lines: ['the workload is on']};
	},
	async off({session}) {
		await session.stopWorkload();
		return {lines: ['the workload is off']};
	},
	rate({session}, [, value]) {
		const rate = numberArgument(value, 'the rate', 1, 100_000);
		session.workload.setRate(rate);
		return {lines: [`${rate} calls a second`]};
	},
	keys({session}, [, value]) {
		const keys = numberArgument(value, 'the number of keys', 1, 1_000_000);
		session.workload.setKeys(keys);
		return {lines: [`${keys} keys`]};
	},
	mix({session}, [, value]) {
		const mix = parseMix(value);
		session.workload.setMix(mix);
		return {lines: [`${mix.read} reads : ${mix.write} writes : ${mix.delete} deletes`]};
	},
};

const isAction = (word: string): word is Action => Object.hasOwn(actions, word);

export const workloadCommands = {
	workload(context, args, requireConsent) {
		const word = args[0].toLowerCase();
		if (!isAction(word))
			throw new CommandError(`workload takes ${Object.keys(actions).join(', ')}, not ${JSON.stringify(args[0])}`);
		// A running drill controls the workload.
		const {obstacle} = context.session.drills;
		if (obstacle !== undefined) throw new CommandError(obstacle);
		return actions[word](context, args, requireConsent);
	},
} satisfies Partial<CommandHandlers>;
