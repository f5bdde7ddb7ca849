# bash completion for reeve. Use it with: source <(reeve completion bash)

_reeve() {
    local line=${COMP_LINE:0:COMP_POINT} cur kept candidate directive
    local -a words candidates
    # COMP_WORDS is cut at = and :, so the words are taken from the line itself.
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    cur=${words[${#words[@]} - 1]}
    # What readline replaces is only what comes after the last = or :.
    kept=${cur%"${cur##*[=:]}"}
    COMPREPLY=()
    while IFS=$'\t' read -r candidate _; do
        case $candidate in
        :*) directive=$candidate ;;
        *) COMPREPLY+=("${candidate#"$kept"}") ;;
        esac
    done < <(command reeve complete -- "${words[@]:1}" 2>/dev/null)
    case $directive in
    *:nospace*) compopt -o nospace ;;
    *:files*) compopt -o filenames && mapfile -t COMPREPLY < <(compgen -f -- "${cur#"$kept"}") ;;
    *:directories*) compopt -o filenames && mapfile -t COMPREPLY < <(compgen -d -- "${cur#"$kept"}") ;;
    *:commands*) mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -c -- "$cur") ;;
    esac
}

complete -F _reeve reeve
