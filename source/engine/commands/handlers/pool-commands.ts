import {milliseconds} from '../../../cache/options/duration.js';
import {formatDuration} from '../../../text/duration.js';
import {formatCountOf} from '../../../text/number.js';
import {CommandError, type CommandHandlers, numberArgument} from '../command.js';

export const poolCommands = {
	async pool({session}, [what, lanes]) {
		if (what !== 'resize') throw new CommandError('write: pool resize <lanes>');
		const wanted = numberArgument(lanes, 'the number of lanes', 1, 64);
		await session.testBed.pool.resize(wanted);
		return {lines: [`the pool has ${formatCountOf(wanted, 'lane')}`]};
	},
	checkout({session}, [what, amount, ...rest]) {
		const [preposition, time = '5s'] = rest;
		if (what !== 'hold' || (preposition !== undefined && preposition !== 'for'))
			throw new CommandError('write: checkout hold <count> [for <time>]');
		const wanted = numberArgument(amount, 'the number of connections', 1, 1000);
		const forMs = milliseconds(time, 'time');
		if (forMs > 60_000)
			throw new CommandError(`connections can be held for at most one minute, not ${formatDuration(forMs)}`);
		session.testBed.checkouts.hold(wanted, forMs);
		return {lines: [`checking out ${formatCountOf(wanted, 'connection')} for ${formatDuration(forMs)}`]};
	},
} satisfies Partial<CommandHandlers>;
