import { Option } from 'commander';

/** `any` takes a wish away. */
const LOADER_CHOICES = ['pxelinux', 'grub', 'ipxe', 'any'] as const;
export type LoaderChoice = (typeof LOADER_CHOICES)[number];

/** `--loader`: a chain of loaders in place of the firmware table's order. */
export function loaderOption(what: string): Option {
  return new Option('--loader <loader>', `${what}, in place of the best for its firmware`).choices(
    LOADER_CHOICES,
  );
}
