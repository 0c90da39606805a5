import {ReplyError} from 'ioredis';
import {describe, expect, it} from 'vitest';
import {toServerError} from '../../source/pool/commands/reply-error.js';

const Reply = ReplyError as unknown as new (message: string) => Error;
const fieldsOf = (message: string) => {
	const {kind, prefix, code} = toServerError(new Reply(message));
	return {kind, prefix, code};
};
const wrap = (inner: string): string =>
	`ERR Error running script (call to f_6976a481c4342f1d5f324baf97d20b5bcbe2e968): @user_script:22: @user_script: 22: ${inner}`;

describe('an error of a command in a script, as worded before Redis 7', () => {
	it('has the kind of the error inside', () => {
		expect(fieldsOf(wrap("-READONLY You can't write against a read only replica."))).toEqual({
			kind: 'unavailable',
			prefix: 'READONLY',
			code: 'ERR_SERVER_READONLY',
		});
		expect(fieldsOf(wrap("-OOM command not allowed when used memory > 'maxmemory'."))).toMatchObject({
			kind: 'full',
			prefix: 'OOM',
		});
		expect(fieldsOf(wrap('-MISCONF Redis is configured to save RDB snapshots'))).toMatchObject({
			kind: 'full',
			prefix: 'MISCONF',
		});
	});

	it('has the kind of the error inside when the script caught it and returned it', () => {
		expect(fieldsOf("@user_script: 22: -READONLY You can't write against a read only replica.")).toMatchObject({
			kind: 'unavailable',
			prefix: 'READONLY',
		});
		expect(fieldsOf('@user_script: 22: Unknown Redis command called from Lua script')).toMatchObject({kind: 'bug'});
	});

	it('is a bug if it does not come from Redis', () => {
		expect(fieldsOf(wrap('Script attempted to access nonexistent global variable'))).toMatchObject({
			kind: 'bug',
			prefix: 'ERR',
		});
		expect(fieldsOf(wrap('-WRONGTYPE Operation against a key'))).toMatchObject({kind: 'bug', prefix: 'ERR'});
		expect(fieldsOf('ERR unknown command')).toMatchObject({kind: 'bug', prefix: 'ERR'});
	});
});

describe('an error of a script, as worded since Redis 7', () => {
	it('has the kind of its first word', () => {
		expect(
			fieldsOf("READONLY You can't write against a read only replica. script: 6976, on @user_script:22."),
		).toMatchObject({
			kind: 'unavailable',
			prefix: 'READONLY',
		});
	});

	it('is a denial if the user lacks the right to a command of the script', () => {
		for (const words of [
			"ERR The user executing the script can't run this command or subcommand script: ff96, on @user_script:1.",
			"ERR ACL failure in script: User cache has no permissions to run the 'set' command script: ff96, on @user_script:1.",
		])
			expect(fieldsOf(words)).toEqual({kind: 'denied', prefix: 'NOPERM', code: 'ERR_SERVER_NOPERM'});
	});
});
