import {fileURLToPath} from 'node:url';
import {expect, it} from 'vitest';
import {chooseMode} from '../../source/cli/modes/choose-mode.js';
import {parseArguments} from '../../source/cli/settings/parse-arguments.js';
import {resolveSettings} from '../../source/cli/settings/resolve-settings.js';
import {blocksOf, type Page, root, spansOf, userPages} from './support/pages.js';

/** The words of a shell's command line. Quotes are taken off. */
const wordsOf = (line: string): readonly string[] =>
	[...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replaceAll(/['"]/g, ''));

/** A module in place of one that the reader has. */
const subject = fileURLToPath(new URL('media/subjects/ioredis.mjs', root));

/** The text after the program's name in a line: up to a comment, a redirection or an explanation beside it. */
function argumentsIn(line: string): string | undefined {
	const [, rest] = /(?:^|[\s"])redis-cache-tui(?=\s|$)(.*)$/.exec(line) ?? [];
	if (rest === undefined || /\b(?:install|add)\b.*redis-cache-tui/.test(line)) return undefined;
	const [command = ''] = rest.replace(/^\s(?=\S)/, '').split(/\s{2,}|\s#\s|\s>\s|\s\|\s|"$/);
	return command
		.replaceAll('redis://…', 'redis://127.0.0.1')
		.replaceAll(/<name\|file\|all>|<name>/g, 'default')
		.replaceAll(/(?<=--subject )\.\/[\w-]+\.mjs/g, subject)
		.trim();
}

/** Every command line of the program on a page, and every flag that stands alone. */
const commandsOn = (page: Page): readonly string[] => [
	...blocksOf(page)
		.filter(({language}) => ['', 'sh', 'yaml'].includes(language))
		.flatMap(({code}) => code.split('\n'))
		.map(argumentsIn)
		.filter((command) => command !== undefined),
	...spansOf(page)
		.filter((span) => /^(?:npx )?redis-cache-tui(?: |$)/.test(span))
		.map((span) => argumentsIn(span) ?? ''),
	...spansOf(page).filter((span) => /^--[a-z]/.test(span)),
];

const noFile = {path: '/config.json', exists: false, values: {}, connections: [], where: () => ''};

/** The complaint of the program about a command line. */
function complaintAbout(command: string): string | undefined {
	try {
		const {words, flags} = parseArguments(wordsOf(command));
		if (words.length > 0) {
			const url = words[0] === 'keys' ? {url: 'redis://127.0.0.1'} : {};
			chooseMode(words, flags, resolveSettings({...url, ...flags}, noFile), true);
		}
		return undefined;
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}

it('the program accepts every command line in the README and the guide', () => {
	const commands = userPages.flatMap((page) => commandsOn(page).map((command) => ({page: page.path, command})));
	expect(commands.length).toBeGreaterThan(80);
	const refused = commands
		.map((each) => ({...each, complaint: complaintAbout(each.command)}))
		.filter(({complaint}) => complaint !== undefined && !/needs a value/.test(complaint));
	expect(refused).toEqual([]);
});
