import {parseRedisUrl} from '../../pool/redis-url.js';
import type {SubjectOpenOptions} from './subject.js';

/** The settings that a subject is opened with: the URL, and its parts where it names several servers. */
export function subjectOpenOptions(url: string, signal: AbortSignal): SubjectOpenOptions {
	const parts = parseRedisUrl(url);
	if (parts.type !== 'cluster' && parts.type !== 'sentinel') return {url, signal};
	const {username, password} = parts;
	const login = {...(username !== undefined && {username}), ...(password !== undefined && {password})};
	if (parts.type === 'cluster') return {url, signal, cluster: {nodes: parts.nodes, ...login}};
	const {sentinels, master: name, db, sentinelLogin} = parts;
	return {
		url,
		signal,
		sentinel: {
			sentinels,
			name,
			db,
			...login,
			...(sentinelLogin.username !== undefined && {sentinelUsername: sentinelLogin.username}),
			...(sentinelLogin.password !== undefined && {sentinelPassword: sentinelLogin.password}),
		},
	};
}
