/** What stands before the host of a URL, as it was written: `user:password@`, or nothing. A path may have an `@`, too. */
export function loginOf(url: string): string {
	const userInfo = /^[a-z][a-z+]*:\/\/([^/?#]*)@/i.exec(url.trim())?.[1];
	return userInfo === undefined ? '' : `${userInfo}@`;
}
