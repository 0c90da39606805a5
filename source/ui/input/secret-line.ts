import {splitLine} from './split-command.js';

/** Redis commands that may contain a password, by their first words. */
const secretCommands: readonly RegExp[] = [
	/^auth\b/,
	/^hello\b.* auth\b/,
	/^acl setuser\b/,
	/^config set\b.*(pass|auth)/,
	/^sentinel (set|config set)\b.*(pass|auth)/,
	/^migrate\b/,
];

/** The credentials in a URL. */
const login = /:\/\/[^\s/@]*@/;

/** True for a line of the palette that may contain a password, which must not be stored in any history. */
export function hasSecret(line: string): boolean {
	const words = splitLine(line).words.map(({text}) => text.toLowerCase());
	const command = (words[0] === 'redis' ? words.slice(1) : words).join(' ');
	return login.test(line) || secretCommands.some((pattern) => pattern.test(command));
}
