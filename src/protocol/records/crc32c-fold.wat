;; CRC-32C folding. How and why: crc32c-fold.ts. `npm run wasm` makes crc32c-fold.wasm.ts of this.
;;
;; A lane is 16 bytes (wide) or 4 (narrow). $lane is the address of the lane 209 places before the one that is folded, as
;; an offset cannot be negative. Each turn folds two lanes.
(module
  (import "env" "memory" (memory 1))

  ;; Adds to each lane of [$lane, $end) the lanes 65, 155, 170, 195 and 209 places before it.
  (func (export "foldWide") (param $lane i32) (param $end i32)
    (loop $next
      ;; lane 209 += lanes 144, 54, 39, 14, 0
      (v128.store offset=3344 (local.get $lane)
        (v128.xor (v128.xor (v128.xor (v128.xor (v128.xor (v128.load offset=3344 (local.get $lane))
          (v128.load offset=2304 (local.get $lane)))
          (v128.load offset=864 (local.get $lane)))
          (v128.load offset=624 (local.get $lane)))
          (v128.load offset=224 (local.get $lane)))
          (v128.load offset=0 (local.get $lane))))
      ;; lane 210 += lanes 145, 55, 40, 15, 1
      (v128.store offset=3360 (local.get $lane)
        (v128.xor (v128.xor (v128.xor (v128.xor (v128.xor (v128.load offset=3360 (local.get $lane))
          (v128.load offset=2320 (local.get $lane)))
          (v128.load offset=880 (local.get $lane)))
          (v128.load offset=640 (local.get $lane)))
          (v128.load offset=240 (local.get $lane)))
          (v128.load offset=16 (local.get $lane))))
      (local.set $lane (i32.add (local.get $lane) (i32.const 32)))
      (br_if $next (i32.lt_u (local.get $lane) (local.get $end)))))

  ;; Adds to each lane of [$lane, $end) the lanes 65, 155, 170, 195 and 209 places before it.
  (func (export "foldNarrow") (param $lane i32) (param $end i32)
    (loop $next
      ;; lane 209 += lanes 144, 54, 39, 14, 0
      (i32.store offset=836 (local.get $lane)
        (i32.xor (i32.xor (i32.xor (i32.xor (i32.xor (i32.load offset=836 (local.get $lane))
          (i32.load offset=576 (local.get $lane)))
          (i32.load offset=216 (local.get $lane)))
          (i32.load offset=156 (local.get $lane)))
          (i32.load offset=56 (local.get $lane)))
          (i32.load offset=0 (local.get $lane))))
      ;; lane 210 += lanes 145, 55, 40, 15, 1
      (i32.store offset=840 (local.get $lane)
        (i32.xor (i32.xor (i32.xor (i32.xor (i32.xor (i32.load offset=840 (local.get $lane))
          (i32.load offset=580 (local.get $lane)))
          (i32.load offset=220 (local.get $lane)))
          (i32.load offset=160 (local.get $lane)))
          (i32.load offset=60 (local.get $lane)))
          (i32.load offset=4 (local.get $lane))))
      (local.set $lane (i32.add (local.get $lane) (i32.const 8)))
      (br_if $next (i32.lt_u (local.get $lane) (local.get $end)))))

  ;; Adds to each lane of [$lane, $end) the one $back bytes before it.
  (func (export "addWide") (param $lane i32) (param $end i32) (param $back i32)
    (loop $next
      (v128.store (local.get $lane)
        (v128.xor
          (v128.load (local.get $lane))
          (v128.load (i32.sub (local.get $lane) (local.get $back)))))
      (local.set $lane (i32.add (local.get $lane) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $lane) (local.get $end)))))

  ;; Adds to each lane of [$lane, $end) the one $back bytes before it.
  (func (export "addNarrow") (param $lane i32) (param $end i32) (param $back i32)
    (loop $next
      (i32.store (local.get $lane)
        (i32.xor
          (i32.load (local.get $lane))
          (i32.load (i32.sub (local.get $lane) (local.get $back)))))
      (local.set $lane (i32.add (local.get $lane) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $lane) (local.get $end))))))
