# Steps 3 and 4 of ./nginx/up: cmake, make, cmake --install into the private copy; and the pages, put together by npm.
# Nothing is written into the source tree.
programs=(switchhook switchhook-worker switchhook-sweep)

build_progress() { # make says "[ 54%] Building ..."; with several targets it also goes back
    local line
    line=$(grep -oE '^\[ *[0-9]+%\]' "$1" | tail -n 1)
    line=${line//[^0-9]/}
    ((${line:-0} <= ${percent:-0})) || percent=$line
}

build_failed() { # the first error, then the log
    local first
    first=$(grep -m 1 -E '(: (fatal )?error:|^CMake Error|: undefined reference)' "$dir/log/build.log")
    [[ $first ]] || first=$(grep -m 1 -B 1 -F '*** [' "$dir/log/build.log" | head -n 1)
    fail 1 "The build failed${first:+: $first}" '' "$dir/log/build.log"
}

build_run() { # progress command...; it dies with this script
    local progress=$1
    shift
    run_job "$dir/log/build.log" "$progress" setpriv --pdeathsig TERM -- "$@"
}

# A build directory of another tree, or one whose configuration never ended, is useless.
build_configure() {
    local of
    of=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$dir/build/CMakeCache.txt" 2>/dev/null)
    [[ $of == "$tree" && -e $dir/build/Makefile ]] && return
    rm -rf "$dir/build" "$dir/prefix"
    detail=cmake
    # shellcheck disable=SC2016
    build_run no_progress cmake -S "$tree" -B "$dir/build" -G 'Unix Makefiles' \
        -DCMAKE_BUILD_TYPE=RelWithDebInfo -DTESTS=OFF -DSIM=ON \
        "-DCMAKE_INSTALL_PREFIX=$dir/prefix" -DCMAKE_INSTALL_LIBDIR=lib \
        '-DCMAKE_INSTALL_RPATH=$ORIGIN/../lib' || build_failed
}

build_all() {
    build_configure
    detail=compiling
    build_run build_progress cmake --build "$dir/build" --parallel "$(nproc)" \
        --target "${programs[@]}" switchhook-sim twiml twiml_static twiml_tool || build_failed
    percent='' detail=installing
    run_job "$dir/log/install.log" no_progress cmake --install "$dir/build" ||
        fail 1 'Installing into the private copy failed.' '' "$dir/log/install.log"
    bin=$dir/prefix/bin
    detail=$("$bin/switchhook" version)
}

# Without the network there is no page, but everything else.
pages_make() {
    detail='npm ci'
    if run_job "$dir/log/pages.log" no_progress setpriv --pdeathsig TERM -- "$here/html/assemble" "$dir/html"; then
        detail="revision $(tail -n 1 "$dir/log/pages.log")"
        return
    fi
    check_signal
    detail='skipped'
    note " $warn npm could not bring the pages' packages (offline?): $dir/log/pages.log"
    note "   API and commands work without them; ./nginx/up tries again."
}
