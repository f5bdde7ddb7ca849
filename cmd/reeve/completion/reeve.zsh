#compdef reeve
# zsh completion for reeve. Use it with: source <(reeve completion zsh)

_reeve() {
    local line directive value text
    local -a values shown
    for line in "${(@f)$(command reeve complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
        if [[ $line == :* ]]; then
            directive=$line
            continue
        fi
        value=${line%%$'\t'*} text=${line#*$'\t'}
        [[ -n $value ]] || continue
        values+=("$value")
        if [[ $text != $line && -n $text ]]; then
            shown+=("$value -- $text")
        else
            shown+=("$value")
        fi
    done
    case $directive in
    *:nospace*) compadd -Q -l -d shown -S '' -a values ;;
    *:files*) [[ $PREFIX == -*=* ]] && compset -P '*='; _files ;;
    *:directories*) [[ $PREFIX == -*=* ]] && compset -P '*='; _files -/ ;;
    *:commands*) compadd -Q -l -d shown -a values; _command_names -e ;;
    *) compadd -Q -l -d shown -a values ;;
    esac
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _reeve "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
    compdef _reeve reeve
fi
