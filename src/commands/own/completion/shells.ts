/** The completion script of each shell. The candidate `:files` makes the shell complete file names. */
export type Shell = 'bash' | 'zsh' | 'fish';

const bash = (names: readonly string[]) => `_ts_kafka() {
  local IFS=$'\\n' cur=\${COMP_WORDS[COMP_CWORD]} found
  found=$(ts-kafka completion words bash "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
  if [ "$found" = ":files" ]; then COMPREPLY=($(compgen -f -- "$cur")); compopt -o filenames; return; fi
  [ "$cur" = "=" ] && cur=
  COMPREPLY=($(compgen -W "$found" -- "$cur"))
  [[ \${COMPREPLY[0]} == *= ]] && compopt -o nospace
}
complete -F _ts_kafka ${names.join(' ')}
`;

const zsh = (names: readonly string[]) => `#compdef ${names.join(' ')}
_ts_kafka() {
  local -a found
  found=("\${(@f)$(ts-kafka completion words zsh "$LBUFFER" 2>/dev/null)}")
  if [[ "$found" == ":files" ]]; then _files; return; fi
  compadd -S '' -q -- \${(M)found:#*=}
  compadd -- \${found:#*=}
}
compdef _ts_kafka ${names.join(' ')}
`;

const fish = (names: readonly string[]) => `function __ts_kafka
  set -l found (ts-kafka completion words fish (commandline -cp) 2>/dev/null)
  if test "$found" = ":files"
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $found
  end
end
${names.map((name) => `complete -c ${name} -f -a '(__ts_kafka)'`).join('\n')}
`;

export const SCRIPTS: Readonly<Record<Shell, (names: readonly string[]) => string>> = { bash, zsh, fish };

/** Splits a line up to the cursor into words, respecting quotes; the last word, possibly empty, is being typed. */
export function words(line: string): string[] {
  const found: string[] = [''];
  let quote = '';
  for (const char of line.trimStart()) {
    if (quote !== '') {
      if (char === quote) quote = '';
      else found[found.length - 1] += char;
    } else if (char === '"' || char === "'") quote = char;
    else if (/\s/.test(char)) found.push('');
    else found[found.length - 1] += char;
  }
  return found.filter((word, i) => word !== '' || i === found.length - 1);
}
