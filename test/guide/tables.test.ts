import {describe, expect, it} from 'vitest';
import type {CacheEvents} from '../../source/cache/api/cache-events.js';
import {drillNames} from '../../source/drills/drill-library.js';
import {expectationFields} from '../../source/drills/expectation-fields.js';
import {faultCatalogue} from '../../source/faults/catalogue.js';
import {parseFault} from '../../source/faults/parse-fault.js';
import * as library from '../../source/index.js';
import {viewNames, viewTitles} from '../../source/ui/state/names.js';
import {serverTabs, tabTitles} from '../../source/ui/state/views/server-state.js';
import {guidePage} from './support/pages.js';

/** The first cells of the rows of a table, by the head of the table. */
const firstColumn = (page: string, head: string): readonly string[] => {
	const [, table = ''] = page.split(`| ${head} |`);
	const rows = table.slice(0, table.indexOf('\n\n')).split('\n').slice(2);
	return rows.map((row) => row.split(' | ')[0]?.replace(/^\| /, '') ?? '');
};

const codeIn = (cell: string): string => /`(.*)`/.exec(cell)?.[1] ?? '';

describe('the guide has', () => {
	it('every error of the library with its code', () => {
		const names = Object.keys(library).filter((name) => name.endsWith('Error') && name !== 'RedisCacheError');
		expect(names.length).toBeGreaterThan(10);
		const page = guidePage('errors');
		for (const name of names) {
			const code =
				name === 'ServerError' ? 'ERR_SERVER_…' : `ERR_${name.slice(0, -5).replaceAll(/(?<=.)[A-Z]/g, '_$&')}`;
			expect(page).toContain(`| \`${name}\` | \`${code.toUpperCase()}\` |`);
		}
		expect(firstColumn(page, 'class')).toHaveLength(names.length);
	});

	it('every call of a cache, and no other', () => {
		const calls = [library.RedisCache.prototype, Object.getPrototypeOf(library.RedisCache.prototype) as object]
			.flatMap((prototype) => Object.getOwnPropertyNames(prototype))
			.filter((name) => !['constructor', 'internals'].includes(name));
		expect(calls.length).toBeGreaterThan(18);
		const listed = firstColumn(guidePage('library'), 'calls').flatMap((cell) => cell.replaceAll('`', '').split(', '));
		expect([...listed].sort()).toEqual([...calls].sort());
	});

	it('every event', () => {
		const events: Readonly<Record<keyof CacheEvents, true>> = {
			hit: true,
			miss: true,
			set: true,
			delete: true,
			evict: true,
			load: true,
			error: true,
			mode: true,
			node: true,
			restriction: true,
			reconcile: true,
			coherence: true,
			clockStep: true,
			pool: true,
		};
		const [, listed = ''] = /emitted synchronously: (.*?)\. /s.exec(guidePage('events')) ?? [];
		const names = [...listed.matchAll(/`(\w+)`/g)].map(([, name]) => name);
		expect(names.sort()).toEqual(Object.keys(events).sort());
	});

	it('every fault, as it is written', () => {
		const page = guidePage('drills');
		for (const [where, head] of [
			['wire', 'fault of the connection'],
			['server', 'fault of the server'],
		]) {
			const faults = firstColumn(page, head ?? '').map((cell) => parseFault(codeIn(cell).split(' ')));
			const kinds = faultCatalogue.filter((fault) => fault.where === where).map(({kind}) => kind);
			expect(faults.map(({kind}) => kind)).toEqual(kinds);
		}
	});

	it('which faults take a direction, and which errors there are', () => {
		const page = guidePage('drills');
		const [, listed = ''] = /completes them\. (.*?)\s+take a direction/s.exec(page) ?? [];
		const directed = faultCatalogue.filter(({parameters}) => parameters.some(({unit}) => unit === 'direction'));
		expect([...listed.matchAll(/`(\w+)`/g)].map(([, kind]) => kind)).toEqual(directed.map(({kind}) => kind));
		const errors = faultCatalogue.flatMap(({parameters}) =>
			parameters.flatMap(({unit, choices = []}) => (unit === 'error' ? choices : [])),
		);
		for (const error of errors) expect(page).toContain(`\`${error}\``);
	});

	it('every field that a drill may expect', () => {
		const page = guidePage('drills');
		const start = page.indexOf('Expectations compare');
		const paragraph = page.slice(start, page.indexOf('\n\n', start));
		const named = new Set([...paragraph.matchAll(/`([\w.]+)`/g)].map(([, name = '']) => name));
		const isNamed = (field: string): boolean => {
			const [group = '', quantile = ''] = field.split('.');
			return named.has(field) || (named.has(group) && named.has(`.${quantile}`));
		};
		expect(expectationFields.filter((field) => !isNamed(field))).toEqual([]);
	});

	it('the number of drills', () => {
		const words = ['Fifteen', 'Sixteen', 'Seventeen', 'Eighteen', 'Nineteen', 'Twenty', 'Twenty-one', 'Twenty-two'];
		expect(guidePage('drills')).toContain(`${words[drillNames.length - 15]} drills come with the program`);
	});

	it('every view of the dashboard, and every tab of the Server view', () => {
		const views = firstColumn(guidePage('dashboard'), 'view').map((cell) =>
			cell.replaceAll(/[`\]]|\(.*\)/g, '').replace('[', ''),
		);
		expect(views).toEqual(viewNames.map((name, at) => `${at + 1} ${viewTitles[name]}`));
		expect(firstColumn(guidePage('server'), 'tab')).toEqual(serverTabs.map((tab) => tabTitles[tab]));
	});
});
