import { VkFailure } from '../vk/errors';

/** Error 12, in the words of VK's recorded refusals: `';' expected, '' found in line 1`. */
export const compileFailure = (problem: string, line: number): VkFailure =>
  new VkFailure(12, `${problem} in line ${line}`);

/** Error 13; VK names no line for what goes wrong while the code runs. */
export const runtimeFailure = (problem: string): VkFailure => new VkFailure(13, problem);

/** What VK says of an answer above its 5 MB, and what stands here for any value that large. */
export const tooBigFailure = (): VkFailure => runtimeFailure('response size is too big');
