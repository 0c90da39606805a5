/** The login of a URL as it was written: `user:password@`, or nothing. An `@` may also stand in its path. */
export function loginOf(url: string): string {
	const userInfo = /^[a-z][a-z+]*:\/\/([^/?#]*)@/i.exec(url.trim())?.[1];
	return userInfo === undefined ? '' : `${userInfo}@`;
}
