/** Whether the version `v` of a call is older than `other`; both are like `5.131`. */
export const isOlder = (v: string, other: string): boolean => {
  const [major = 0, minor = 0] = v.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number);
  return major === otherMajor ? minor < otherMinor : major < otherMajor;
};
