import {beforeEach, expect, it} from 'vitest';
import {figuresBetween} from '../../../source/inspect/server/activity/figures.js';
import {OwedErrors} from '../../../source/inspect/server/activity/own/owed-errors.js';
import {noOwnCommands} from '../../../source/inspect/server/activity/own/own-commands.js';
import {ErrorReplies} from '../../../source/pool/commands/error-replies.js';
import {commandOf, countersAt} from './sample-counters.js';

let ours: ErrorReplies;
let owed: OwedErrors;

beforeEach(() => {
	ours = new ErrorReplies();
	owed = new OwedErrors();
});

/** Figures of a second in which so many commands were refused with NOPERM. */
function refusing(count: number) {
	const commands = new Map([['get', commandOf(0, 0, count)]]);
	const figures = figuresBetween(countersAt(0), countersAt(1, {errors: new Map([['NOPERM', count]]), commands}), {
		commands: noOwnCommands,
		connections: 0,
		pingMs: undefined,
	});
	if (!figures) throw new Error('the counters count as reset');
	return figures;
}

/** Errors and failed commands of others. */
function others(count: number) {
	const figures = owed.takeFrom(refusing(count), ours);
	return [figures?.errors.NOPERM ?? 0, figures?.failedCommands];
}

it('errors of our other connections are taken out, by kind and by command', () => {
	for (let error = 0; error < 3; error++) ours.add('GET', 'NOPERM');
	ours.add('TIME', 'OTHER');
	expect(others(5)).toEqual([2, 2]);
	expect(others(5)).toEqual([5, 5]);
});

it('an error whose span was measured before it is taken out of the next one, and of no later one', () => {
	expect(others(0)).toEqual([0, 0]);
	for (let error = 0; error < 2; error++) ours.add('get', 'NOPERM');
	expect(others(1)).toEqual([0, 0]);
	expect(others(1)).toEqual([0, 0]);
	ours.add('get', 'NOPERM');
	expect(others(0)).toEqual([0, 0]);
	expect(others(0)).toEqual([0, 0]);
	expect(others(1)).toEqual([1, 1]);
});

it('errors of a time without figures are forgotten', () => {
	ours.add('get', 'NOPERM');
	expect(owed.takeFrom(undefined, ours)).toBeUndefined();
	expect(others(1)).toEqual([1, 1]);
});

it('names are counted apart up to a bound', () => {
	for (let name = 0; name < 1000; name++) ours.add(`command-${name}`, `KIND${name}`);
	expect([ours.kinds.size, ours.commands.size]).toEqual([100, 100]);
});
